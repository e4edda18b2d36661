package tier6.cathedral;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.offer.InfoBody;
import tier6.sanctum.offer.Magic;
import tier6.sanctum.offer.Offer;
import tier6.sanctum.offer.OfferHeader;

/** What was verified before is good again, and nothing else is good for that. */
class SignaturesTest {
    private static final RandomSource RANDOM = new Random(3)::nextBytes;

    private final byte[] cosk = Ed25519.generate(RANDOM);
    private final Ed25519.Verifier key = new Ed25519.Verifier(Ed25519.publicKey(cosk));
    private final byte[] data = RANDOM.bytes(Offer.DATA_SIZE);
    private final byte[] signature = Ed25519.sign(cosk, data);
    private final Signatures signatures = new Signatures();

    private static Offer offer(byte[] data, byte[] signature) {
        OfferHeader header = new OfferHeader(Magic.KATEDRAL, 1, 1, 1);
        return new Offer(header, 0, InfoBody.answer(0, 0, 0, 0, 0), data, signature);
    }

    private static byte[] changed(byte[] bytes, int at) {
        byte[] changed = bytes.clone();
        changed[at] ^= 1;
        return changed;
    }

    @Test
    void aGoodSignatureStaysGood() {
        assertTrue(signatures.isGood(offer(data, signature), key));
        assertTrue(signatures.isGood(offer(data.clone(), signature.clone()), key));
    }

    @Test
    void whatDiffersInAByteIsAnotherOne() {
        assertTrue(signatures.isGood(offer(data, signature), key));
        for (int at = 0; at < data.length; at += 50) {
            assertFalse(signatures.isGood(offer(changed(data, at), signature), key));
        }
        for (int at = 0; at < signature.length; at += 7) {
            assertFalse(signatures.isGood(offer(data, changed(signature, at)), key));
        }
        assertTrue(signatures.isGood(offer(data, signature), key));
    }

    @Test
    void anotherDeviceHasOtherSignatures() {
        Ed25519.Verifier other = new Ed25519.Verifier(Ed25519.publicKey(Ed25519.generate(RANDOM)));
        assertTrue(signatures.isGood(offer(data, signature), key));
        assertFalse(signatures.isGood(offer(data, signature), other));
        assertTrue(signatures.isGood(offer(data, signature), key));
    }

    @Test
    void aBadSignatureIsNotRemembered() {
        byte[] bad = changed(signature, 40);
        assertFalse(signatures.isGood(offer(data, bad), key));
        assertFalse(signatures.isGood(offer(data, bad), key));
    }
}
