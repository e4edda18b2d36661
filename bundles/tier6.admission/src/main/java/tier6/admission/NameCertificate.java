package tier6.admission;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.kdf.Flocks;

/**
 * The owner of a flock says what a device is called. On the wire:
 *
 * <pre>
 * 1 byte    version, 1
 * 8 bytes   flock, without domain
 * 1 byte    kek-id
 * 4 bytes   cs-id
 * 4 bytes   serial number: of two for one device the higher holds
 * 1 byte    length of the name, then the name
 * 64 bytes  Ed25519 signature of "tier6 name", a zero byte and all before
 * </pre>
 *
 * @param flock id, without domain
 * @param kekId number of the device
 * @param csId what it is at the cathedral
 * @param serial grows with each new name, unsigned
 * @param name see {@link #isName}
 */
public record NameCertificate(long flock, int kekId, int csId, int serial, String name) {
    /** The most bytes of one. */
    public static final int MOST_BYTES = 1 + 8 + 1 + 4 + 4 + 1 + 63 + Ed25519.SIGNATURE_SIZE;

    private static final int VERSION = 1;
    private static final int LONGEST_NAME = 63;
    private static final byte[] CONTEXT = "tier6 name\0".getBytes(StandardCharsets.US_ASCII);

    /** Whether a device or a flock can be called so: a label of a host name (RFC 1123) in small letters. */
    public static boolean isName(String name) {
        return name.matches("[a-z0-9]([a-z0-9-]{0," + (LONGEST_NAME - 2) + "}[a-z0-9])?");
    }

    /** A name that is as near to {@code wish} as can be. */
    public static String toName(String wish) {
        String name = wish.toLowerCase(Locale.ROOT)
                .replaceAll("\\..*", "")
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-+", "");
        name = name.substring(0, Math.min(name.length(), LONGEST_NAME)).replaceAll("-+$", "");
        return name.isEmpty() ? "device" : name;
    }

    /** The bytes, signed with the secret key of the owner. */
    public byte[] sign(byte[] owner) {
        byte[] body = body();
        byte[] signature = Ed25519.sign(owner, withContext(body));
        return ByteBuffer.allocate(body.length + signature.length)
                .put(body)
                .put(signature)
                .array();
    }

    private byte[] body() {
        byte[] text = name.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(1 + Long.BYTES + 1 + 2 * Integer.BYTES + 1 + text.length)
                .put((byte) VERSION)
                .putLong(Flocks.mask(flock))
                .put((byte) kekId)
                .putInt(csId)
                .putInt(serial)
                .put((byte) text.length)
                .put(text)
                .array();
    }

    private static byte[] withContext(byte[] body) {
        return ByteBuffer.allocate(CONTEXT.length + body.length)
                .put(CONTEXT)
                .put(body)
                .array();
    }

    /** Reads one, without looking at the signature; empty if it is none. */
    public static Optional<NameCertificate> read(byte[] bytes) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            int version = in.get();
            long flock = in.getLong();
            int kekId = in.get() & 0xff;
            int csId = in.getInt();
            int serial = in.getInt();
            byte[] text = new byte[in.get() & 0xff];
            in.get(text);
            String name = new String(text, StandardCharsets.US_ASCII);
            boolean good = version == VERSION && in.remaining() == Ed25519.SIGNATURE_SIZE && isName(name);
            return good ? Optional.of(new NameCertificate(flock, kekId, csId, serial, name)) : Optional.empty();
        } catch (BufferUnderflowException e) {
            return Optional.empty();
        }
    }

    /** Reads one that the owner of this key has signed; empty if it is none. */
    public static Optional<NameCertificate> verify(byte[] bytes, byte[] owner) {
        return read(bytes).filter(certificate -> {
            int end = bytes.length - Ed25519.SIGNATURE_SIZE;
            byte[] signature = Arrays.copyOfRange(bytes, end, bytes.length);
            return Ed25519.verify(owner, withContext(Arrays.copyOf(bytes, end)), signature);
        });
    }
}
