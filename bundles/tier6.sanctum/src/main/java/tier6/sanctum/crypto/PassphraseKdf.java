package tier6.sanctum.crypto;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHAKEDigest;

/**
 * The key of a vicar file from a passphrase, made slow and memory-hungry on purpose (specification section 2.5): some seconds
 * of one core and 32 MiB.
 */
public final class PassphraseKdf {

    /** Bytes of the key. */
    public static final int KEY_SIZE = 64;

    /** Bytes of the salt. */
    public static final int SALT_SIZE = 32;

    /** A passphrase must be shorter than this many bytes. */
    public static final int PASSPHRASE_LIMIT = 256;

    private static final int ITERATIONS = 65536;
    private static final int ITERATIONS_PER_ENCRYPTION = 2048;
    private static final int CHUNK = 512;
    private static final int TABLE = ITERATIONS * CHUNK;
    private static final int HALF = 256;
    private static final int KMAC_KEY = 32;

    private PassphraseKdf() {}

    /**
     * Derives the key. Computes for seconds.
     *
     * @param passphrase fewer than 256 bytes
     * @param salt 32 bytes
     * @param label the ASCII purpose
     * @return 64 bytes, the caller's to clear
     */
    public static byte[] derive(byte[] passphrase, byte[] salt, String label) {
        if (passphrase.length >= PASSPHRASE_LIMIT) {
            throw new IllegalArgumentException("a passphrase has fewer than " + PASSPHRASE_LIMIT + " bytes");
        }
        Secrets.ofSize(salt, SALT_SIZE, "the salt of a passphrase");

        byte[] start = expand(seed(passphrase, salt), CHUNK);
        byte[] places = expand(Arrays.copyOf(start, HALF), ITERATIONS * Short.BYTES);
        byte[] table = expand(Arrays.copyOfRange(start, HALF, CHUNK), TABLE);
        byte[] key = Arrays.copyOf(start, Agelas.KEY_SIZE);
        try (Agelas agelas = new Agelas(key)) {
            agelas.encrypt(table, 0, TABLE);
            stir(table, places, agelas);
            return condense(table, label);
        } finally {
            Secrets.clear(start, places, table, key);
        }
    }

    private static byte[] seed(byte[] passphrase, byte[] salt) {
        ByteBuffer seed = ByteBuffer.allocate(Integer.BYTES + PASSPHRASE_LIMIT + SALT_SIZE)
                .order(ByteOrder.LITTLE_ENDIAN);
        seed.putInt(PASSPHRASE_LIMIT).put(passphrase);
        seed.position(Integer.BYTES + PASSPHRASE_LIMIT);
        return seed.put(salt).array();
    }

    private static void stir(byte[] table, byte[] places, Agelas agelas) {
        SHAKEDigest shake = new SHAKEDigest(256);
        byte[] index = new byte[Integer.BYTES];
        byte[] digest = new byte[CHUNK];
        for (int i = 0; i < ITERATIONS; i++) {
            int place = ((places[2 * i] & 0xff) | (places[2 * i + 1] & 0xff) << Byte.SIZE) * CHUNK;
            if (i % ITERATIONS_PER_ENCRYPTION == 0) {
                agelas.encrypt(table, place, TABLE - place);
            }
            ByteBuffer.wrap(index).putInt(i);
            shake.update(index, 0, index.length);
            shake.update(table, place, CHUNK);
            shake.doFinal(digest, 0, CHUNK);
            // Only one byte of the chunk changes. It looks like a slip in the original, but existing files depend on
            // it.
            for (byte b : digest) {
                table[place] ^= b;
            }
        }
        Secrets.clear(digest);
    }

    private static byte[] condense(byte[] table, String label) {
        byte[] key = Arrays.copyOf(table, KMAC_KEY);
        byte[] length =
                ByteBuffer.allocate(Integer.BYTES).putInt(TABLE - KMAC_KEY).array();
        byte[] rest = Arrays.copyOfRange(table, KMAC_KEY, TABLE);
        try {
            return Kmac256.derive(key, label, KEY_SIZE, length, rest);
        } finally {
            Secrets.clear(key, rest);
        }
    }

    /** SHAKE256; clears the input. */
    private static byte[] expand(byte[] input, int length) {
        byte[] out = new byte[length];
        SHAKEDigest shake = new SHAKEDigest(256);
        shake.update(input, 0, input.length);
        shake.doFinal(out, 0, length);
        Secrets.clear(input);
        return out;
    }
}
