package tier6.sanctum.exchange;

import org.bouncycastle.crypto.digests.SHAKEDigest;
import tier6.sanctum.crypto.MlKem1024;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.crypto.Secrets;
import tier6.sanctum.crypto.X25519;

/** What we contribute to one exchange: the local and the remote set of specification section 7.1. */
final class LocalKeys {

    private static final int RANDOM_SIZE = 16;
    private static final int SALT_SIZE = 4;

    /** Our own id while this exchange lasts. */
    final long id;

    final int spi;
    final int salt;
    final byte[] localRandom;
    final MlKem1024.KeyPair kem;
    final X25519.KeyPair localPair;
    byte[] remoteRandom;
    X25519.KeyPair remotePair;

    /** Draws in the order of libkyrka, so that its transcripts replay. */
    LocalKeys(long id, int tunnel, RandomSource random) {
        this.id = id;
        int drawn;
        do {
            drawn = random.nextInt();
            if (tunnel != 0) {
                drawn = tunnel << 16 | drawn & 0xffff;
            }
        } while (drawn == 0);
        spi = drawn;
        byte[] s = random.bytes(SALT_SIZE);
        salt = s[0] << 24 | (s[1] & 0xff) << 16 | (s[2] & 0xff) << 8 | s[3] & 0xff;
        localRandom = random.bytes(RANDOM_SIZE);
        remoteRandom = random.bytes(RANDOM_SIZE);
        byte[] seed = random.bytes(MlKem1024.SEED_SIZE);
        kem = MlKem1024.generate(seed);
        Secrets.clear(seed);
        localPair = X25519.generate(random);
        remotePair = X25519.generate(random);
    }

    /** Draws the remote set again, for another public key of the peer. */
    void renewRemote(RandomSource random) {
        Secrets.clear(remotePair.secret());
        remoteRandom = random.bytes(RANDOM_SIZE);
        remotePair = X25519.generate(random);
    }

    /**
     * The secret in a ciphertext; null if the ciphertext was not made for our key.
     *
     * <p>ML-KEM answers a wrong ciphertext with a secret that only we can compute (FIPS 203, algorithm 18): SHAKE256 of
     * the last 32 bytes of the decapsulation key and the ciphertext. Acting on the difference tells an attacker nothing
     * of use: the ciphertext came authenticated, and the key serves one exchange only.
     */
    byte[] decapsulate(byte[] ct) {
        byte[] secret = MlKem1024.decapsulate(kem.dk(), ct);
        byte[] rejection = new byte[MlKem1024.SECRET_SIZE];
        SHAKEDigest shake = new SHAKEDigest(256);
        shake.update(kem.dk(), MlKem1024.DK_SIZE - MlKem1024.SECRET_SIZE, MlKem1024.SECRET_SIZE);
        shake.update(ct, 0, ct.length);
        shake.doFinal(rejection, 0, rejection.length);
        boolean rejected = Secrets.equal(secret, rejection);
        Secrets.clear(rejection);
        if (rejected) {
            Secrets.clear(secret);
            return null;
        }
        return secret;
    }

    void clear() {
        Secrets.clear(kem.dk(), localPair.secret(), remotePair.secret());
    }
}
