package tier6.sanctum.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Agelas, the authenticated stream cipher of vicar files: a Keccak-f[1600] duplex of rate 136 that feeds the plaintext back
 * (specification section 2.4). A context encrypts or decrypts one stream, belongs to one thread, and keeps secrets until it is
 * closed.
 */
public final class Agelas implements AutoCloseable {

    /** Bytes of a key. */
    public static final int KEY_SIZE = 64;

    /** Bytes of a tag. */
    public static final int TAG_SIZE = 32;

    private static final VarHandle LANE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int RATE = 136;
    private static final int MAX_AAD = RATE - 6;
    private static final int STREAM = 128;
    private static final int HALF_KEY = 32;

    private final long[] state = new long[25];
    private final byte[] block = new byte[RATE];
    private final byte[] secondKey;

    private int offset;
    private long counter;
    private long aadLength;
    private long textLength;

    public Agelas(byte[] key) {
        Secrets.ofSize(key, KEY_SIZE, "an Agelas key");
        byte[] first = pad(prefixed(key, 0), 0x01);
        absorb(first);
        Secrets.clear(first);
        secondKey = pad(prefixed(key, HALF_KEY), 0x03);
        read();
    }

    /** Authenticates up to 130 bytes that are not encrypted. Comes before the text. */
    public void aad(byte[] data) {
        if (data.length > MAX_AAD) {
            throw new IllegalArgumentException("at most " + MAX_AAD + " bytes, not " + data.length);
        }
        absorb(pad(data, 0x0f));
        aadLength += data.length;
    }

    /** Encrypts in place. */
    public void encrypt(byte[] text, int at, int length) {
        int end = at + length;
        for (int i = at; i < end; ) {
            if (offset == STREAM) {
                step(0x07);
            }
            int n = Math.min(end - i, STREAM - offset);
            for (int k = 0; k < n; k++, i++, offset++) {
                byte plain = text[i];
                text[i] = (byte) (plain ^ block[offset]);
                block[offset] = plain;
            }
        }
        textLength += length;
    }

    /** Decrypts in place. Do not use the text before the tag was compared. */
    public void decrypt(byte[] text, int at, int length) {
        int end = at + length;
        for (int i = at; i < end; i++) {
            if (offset == STREAM) {
                step(0x07);
            }
            byte plain = (byte) (text[i] ^ block[offset]);
            text[i] = plain;
            block[offset++] = plain;
        }
        textLength += length;
    }

    /** Ends the stream: the tag over all that was authenticated and encrypted. */
    public byte[] tag() {
        absorb(pad(bigEndian(aadLength), 0x1f));
        absorb(pad(bigEndian(textLength), 0x1f));
        step(0x3f);
        absorb(secondKey);
        read();
        return Arrays.copyOf(block, TAG_SIZE);
    }

    /** Forgets everything. The object must not be used any more. */
    @Override
    public void close() {
        Arrays.fill(state, 0);
        Secrets.clear(block, secondKey);
    }

    private void step(int tag) {
        for (int i = 0; i < 7; i++) {
            block[STREAM + i] = (byte) (counter >>> Byte.SIZE * (6 - i));
        }
        block[RATE - 1] = (byte) tag;
        absorb(block);
        read();
        counter++;
    }

    private void absorb(byte[] bytes) {
        for (int lane = 0; lane < RATE / Long.BYTES; lane++) {
            state[lane] ^= (long) LANE.get(bytes, lane * Long.BYTES);
        }
        Keccak.permute(state);
    }

    private void read() {
        for (int lane = 0; lane < RATE / Long.BYTES; lane++) {
            LANE.set(block, lane * Long.BYTES, state[lane]);
        }
        offset = 0;
    }

    private static byte[] prefixed(byte[] key, int at) {
        byte[] out = new byte[1 + HALF_KEY];
        out[0] = HALF_KEY;
        System.arraycopy(key, at, out, 1, HALF_KEY);
        return out;
    }

    private static byte[] pad(byte[] x, int tag) {
        byte[] out = new byte[RATE];
        out[0] = 0x01;
        out[1] = (byte) RATE;
        out[2] = 0x01;
        out[3] = (byte) x.length;
        System.arraycopy(x, 0, out, 4, x.length);
        out[RATE - 1] = (byte) tag;
        return out;
    }

    private static byte[] bigEndian(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }
}
