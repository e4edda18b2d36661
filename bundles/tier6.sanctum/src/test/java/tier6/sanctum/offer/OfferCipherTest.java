package tier6.sanctum.offer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tier6.sanctum.ScriptedRandom;
import tier6.sanctum.crypto.RandomSource;

class OfferCipherTest {

    private static final long NOW = 1_767_225_600L;
    private static final OfferHeader HEADER = new OfferHeader(Magic.KATEDRAL, 0x1100, 0x2200, 0x33);
    private static final OfferBody BODY = InfoBody.announce(InfoBody.WANT_REMEMBRANCE, 0x0809, 1, 2, 3, 4);

    private final RandomSource random = new Random(6)::nextBytes;
    private final byte[] secret = random.bytes(32);

    @Test
    void acceptsTenSecondsEitherWay() throws OfferException {
        try (OfferCipher cipher = OfferCipher.cathedral(secret, 0x1100)) {
            byte[] datagram = cipher.seal(HEADER, NOW, BODY, null, random);
            for (long skew = -10; skew <= 10; skew++) {
                assertEquals(
                        BODY,
                        cipher.open(datagram, 0, datagram.length, NOW - skew).body());
            }
            for (long skew : new long[] {-11, 11, -100_000, 100_000}) {
                OfferException e = refused(cipher, datagram, 0, datagram.length, NOW - skew);
                assertEquals(OfferException.Reason.CLOCK, e.reason());
                assertEquals(skew, e.skewSeconds());
            }
            for (long absurd : new long[] {0, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
                byte[] other = cipher.seal(HEADER, absurd, BODY, null, random);
                assertEquals(
                        OfferException.Reason.CLOCK,
                        refused(cipher, other, 0, other.length, NOW).reason());
            }
        }
    }

    @Test
    void aPilgrimMayBeHalfAnHourOff() throws OfferException {
        try (OfferCipher cipher = OfferCipher.pilgrimage(secret)) {
            byte[] datagram = cipher.seal(HEADER, NOW, new KeyBody(1, 2, new byte[32]), null, random);
            assertEquals(
                    NOW, cipher.open(datagram, 0, datagram.length, NOW + 1750).timestamp());
            assertEquals(
                    OfferException.Reason.CLOCK,
                    refused(cipher, datagram, 0, datagram.length, NOW + 1751).reason());
        }
    }

    @Test
    void noticesAChangeOfAnyByte() throws OfferException {
        try (OfferCipher cipher = OfferCipher.peer(secret, 1, 2)) {
            byte[] datagram = cipher.seal(HEADER, NOW, BODY, null, random);
            for (int i = 0; i < datagram.length; i++) {
                datagram[i] ^= 0x10;
                assertEquals(
                        OfferException.Reason.NOT_AUTHENTIC,
                        refused(cipher, datagram, 0, datagram.length, NOW).reason());
                datagram[i] ^= 0x10;
            }
            assertEquals(BODY, cipher.open(datagram, 0, datagram.length, NOW).body());
        }
    }

    @Test
    void takesAnOfferFromTheMiddleOfABufferAndIgnoresPadding() throws OfferException {
        try (OfferCipher cipher = OfferCipher.peer(secret, 1, 2)) {
            byte[] datagram = cipher.seal(HEADER, NOW, BODY, null, random);
            byte[] buffer = random.bytes(1500);
            System.arraycopy(datagram, 0, buffer, 77, datagram.length);
            Offer offer = cipher.open(buffer, 77, 1400, NOW);
            assertEquals(BODY, offer.body());
            assertEquals(HEADER, offer.header());
            assertEquals(
                    OfferException.Reason.TOO_SHORT,
                    refused(cipher, buffer, 77, Offer.SIZE - 1, NOW).reason());
        }
    }

    @Test
    void theOrderOfTheFlocksDoesNotMatterToPeersAndTheirDomainDoes() throws OfferException {
        try (OfferCipher a = OfferCipher.peer(secret, 0x4901, 0xf000000000000001L);
                OfferCipher b = OfferCipher.peer(secret, 0xf000000000000001L, 0x4901);
                OfferCipher other = OfferCipher.peer(secret, 0x4902, 0xf000000000000001L)) {
            byte[] datagram = a.seal(HEADER, NOW, BODY, null, random);
            assertEquals(BODY, b.open(datagram, 0, datagram.length, NOW).body());
            assertEquals(
                    OfferException.Reason.NOT_AUTHENTIC,
                    refused(other, datagram, 0, datagram.length, NOW).reason());
        }
    }

    @Test
    void relationsDoNotUnderstandEachOther() {
        try (OfferCipher peer = OfferCipher.peer(secret, 0x1100, 0);
                OfferCipher cathedral = OfferCipher.cathedral(secret, 0x1100);
                OfferCipher catacomb = OfferCipher.catacomb(secret, 0x1100)) {
            OfferCipher[] all = {peer, cathedral, catacomb};
            for (OfferCipher from : all) {
                byte[] datagram = from.seal(HEADER, NOW, BODY, null, random);
                for (OfferCipher to : all) {
                    if (to != from) {
                        refused(to, datagram, 0, datagram.length, NOW);
                    }
                }
            }
        }
    }

    @Test
    void authenticNonsenseIsMalformed() {
        try (OfferCipher cipher = OfferCipher.peer(secret, 1, 2)) {
            for (int type : new int[] {0, 8, 255}) {
                byte[] data = ByteBuffer.allocate(Offer.DATA_SIZE)
                        .put((byte) type)
                        .putLong(NOW)
                        .array();
                Offer nonsense = new Offer(HEADER, NOW, BODY, data, new byte[Offer.EXTRA_SIZE]);
                byte[] datagram = cipher.reseal(nonsense, Magic.SACRAMNT, random);
                assertEquals(
                        OfferException.Reason.MALFORMED,
                        refused(cipher, datagram, 0, datagram.length, NOW).reason());
            }
        }
    }

    @Test
    void everyOfferHasAKeyOfItsOwn() {
        try (OfferCipher cipher = OfferCipher.peer(secret, 1, 2)) {
            byte[] one = cipher.seal(HEADER, NOW, BODY, null, random);
            byte[] two = cipher.seal(HEADER, NOW, BODY, null, random);
            assertFalse(Arrays.equals(one, 28, 92, two, 28, 92), "seeds");
            assertFalse(Arrays.equals(one, 92, 543, two, 92, 543), "ciphertexts of one plaintext");
        }
    }

    @Test
    void aGeneratorThatRepeatsItselfIsNoticed() {
        RandomSource stuck = out -> Arrays.fill(out, (byte) 4);
        try (OfferCipher cipher = OfferCipher.peer(secret, 1, 2)) {
            cipher.seal(HEADER, NOW, BODY, null, stuck);
            assertThrows(IllegalStateException.class, () -> cipher.seal(HEADER, NOW, BODY, null, stuck));
        }
    }

    @Test
    void bodiesFillWhatTheyDoNotUseWithZeroes() throws OfferException {
        try (OfferCipher cipher = OfferCipher.peer(secret, 1, 2)) {
            byte[] datagram = cipher.seal(HEADER, NOW, BODY, null, random);
            byte[] data = cipher.open(datagram, 0, datagram.length, NOW).data();
            int used = 1 + Long.BYTES + 38;
            assertArrayEquals(new byte[Offer.DATA_SIZE - used], Arrays.copyOfRange(data, used, Offer.DATA_SIZE));
        }
    }

    @Test
    void randomFlocksAreTakenAsTheyCome() {
        byte[] src = {1, 2, 3, 4, 5, 6, 7, 8};
        byte[] dst = {(byte) 0x80, 0, 0, 0, 0, 0, 0, 1};
        OfferHeader header = OfferHeader.withRandomFlocks(Magic.SACRAMNT, 0xfde4ce78, new ScriptedRandom(src, dst));
        assertEquals(new OfferHeader(Magic.SACRAMNT, 0x0102030405060708L, 0x8000000000000001L, 0xfde4ce78), header);
    }

    @Test
    void aClosedCipherHasForgottenItsKey() throws OfferException {
        OfferCipher cipher = OfferCipher.peer(secret, 1, 2);
        byte[] datagram = cipher.seal(HEADER, NOW, BODY, null, random);
        assertEquals(BODY, cipher.open(datagram, 0, datagram.length, NOW).body());
        cipher.close();
        assertEquals(
                OfferException.Reason.NOT_AUTHENTIC,
                refused(cipher, datagram, 0, datagram.length, NOW).reason());
    }

    @Test
    void refusalsHaveNoStackTrace() {
        try (OfferCipher cipher = OfferCipher.peer(secret, 1, 2)) {
            assertEquals(0, refused(cipher, new byte[0], 0, 0, NOW).getStackTrace().length);
        }
    }

    private static OfferException refused(OfferCipher cipher, byte[] datagram, int at, int length, long now) {
        return assertThrows(OfferException.class, () -> cipher.open(datagram, at, length, now));
    }
}
