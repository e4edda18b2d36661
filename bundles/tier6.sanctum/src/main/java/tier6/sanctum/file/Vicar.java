package tier6.sanctum.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import tier6.sanctum.crypto.Agelas;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.PassphraseKdf;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.crypto.Secrets;

/**
 * A vicar: all that a new device needs, in one file under a passphrase (specification section 15.6). Opening and sealing
 * compute for seconds. The arrays are the vicar's own; they are zero after {@link #close}.
 *
 * @param csId number of the device at the cathedral
 * @param flock the flock with its domain
 * @param tunnel the device's kek-id in the upper byte
 * @param ip the first cathedral's IPv4 address, read big-endian
 * @param port its port
 * @param kek key-encryption key, 32 bytes
 * @param cosk signing key, 64 bytes
 * @param cs cathedral secret, 32 bytes
 */
public record Vicar(int csId, long flock, int tunnel, int ip, int port, byte[] kek, byte[] cosk, byte[] cs)
        implements AutoCloseable {

    /** Bytes of a file. */
    public static final int FILE_SIZE = 216;

    private static final String LABEL = "VICAR.PASSPHRASE.PBKDF";
    private static final int SALT_SIZE = PassphraseKdf.SALT_SIZE;
    private static final int TEXT_SIZE = 152;
    private static final int TAG_AT = SALT_SIZE + TEXT_SIZE;

    public Vicar {
        Secrets.ofSize(kek, Identity.SECRET_SIZE, "a KEK");
        Secrets.ofSize(cosk, Ed25519.SECRET_SIZE, "a signing key");
        Secrets.ofSize(cs, Identity.SECRET_SIZE, "a cathedral secret");
    }

    /**
     * Reads a file.
     *
     * @param passphrase fewer than 256 bytes; not cleared
     * @throws IOException if the file cannot be read, or the passphrase is not the one it was made with
     */
    public static Vicar read(Path path, byte[] passphrase) throws IOException {
        Vicar vicar = open(KeyFiles.readSized(path, FILE_SIZE), passphrase);
        if (vicar == null) {
            throw new IOException(path + ": the passphrase is wrong or the file is damaged");
        }
        return vicar;
    }

    /** Writes a file that only its owner can read, in one step. */
    public void write(Path path, byte[] passphrase, RandomSource random) throws IOException {
        KeyFiles.writeSecret(path, seal(passphrase, random));
    }

    /** Opens the content of a file; null if it is not of that passphrase, or no vicar at all. */
    public static Vicar open(byte[] file, byte[] passphrase) {
        if (file.length != FILE_SIZE) {
            return null;
        }
        byte[] key = PassphraseKdf.derive(passphrase, Arrays.copyOf(file, SALT_SIZE), LABEL);
        try {
            return openWithKey(file, key);
        } finally {
            Secrets.clear(key);
        }
    }

    static Vicar openWithKey(byte[] file, byte[] key) {
        byte[] text = Arrays.copyOfRange(file, SALT_SIZE, TAG_AT);
        try (Agelas agelas = new Agelas(key)) {
            agelas.aad(Arrays.copyOf(file, SALT_SIZE));
            agelas.decrypt(text, 0, TEXT_SIZE);
            if (!Secrets.equal(agelas.tag(), Arrays.copyOfRange(file, TAG_AT, FILE_SIZE))) {
                return null;
            }
            return decode(text);
        } finally {
            Secrets.clear(text);
        }
    }

    /** The content of a file. Draws 32 bytes for the salt. */
    public byte[] seal(byte[] passphrase, RandomSource random) {
        byte[] salt = random.bytes(SALT_SIZE);
        byte[] key = PassphraseKdf.derive(passphrase, salt, LABEL);
        try {
            return sealWithKey(salt, key);
        } finally {
            Secrets.clear(key);
        }
    }

    byte[] sealWithKey(byte[] salt, byte[] key) {
        byte[] text = encode();
        try (Agelas agelas = new Agelas(key)) {
            agelas.aad(salt);
            agelas.encrypt(text, 0, TEXT_SIZE);
            return ByteBuffer.allocate(FILE_SIZE)
                    .put(salt)
                    .put(text)
                    .put(agelas.tag())
                    .array();
        } finally {
            Secrets.clear(text);
        }
    }

    /** The device that the vicar makes; it has copies of the secrets. */
    public Identity identity() {
        return new Identity(flock, tunnel >>> Byte.SIZE, csId, cs.clone(), cosk.clone(), kek.clone());
    }

    /** Clears the secrets. */
    @Override
    public void close() {
        Secrets.clear(kek, cosk, cs);
    }

    /** Says who, and no secret. */
    @Override
    public String toString() {
        return String.format("Vicar[flock=%016x, tunnel=%04x, cs-id=%08x]", flock, tunnel, csId);
    }

    private static Vicar decode(byte[] text) {
        ByteBuffer in = ByteBuffer.wrap(text);
        int csId = in.order(ByteOrder.LITTLE_ENDIAN).getInt();
        int ip = in.order(ByteOrder.BIG_ENDIAN).getInt();
        long flock = in.order(ByteOrder.LITTLE_ENDIAN).getLong();
        int port = in.order(ByteOrder.BIG_ENDIAN).getShort() & 0xffff;
        int tunnel = in.order(ByteOrder.LITTLE_ENDIAN).getShort() & 0xffff;
        byte[] kek = new byte[Identity.SECRET_SIZE];
        byte[] cosk = new byte[Ed25519.SECRET_SIZE];
        byte[] cs = new byte[Identity.SECRET_SIZE];
        in.get(kek).get(cosk).get(cs);
        return new Vicar(csId, flock, tunnel, ip, port, kek, cosk, cs);
    }

    private byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(TEXT_SIZE);
        out.order(ByteOrder.LITTLE_ENDIAN).putInt(csId);
        out.order(ByteOrder.BIG_ENDIAN).putInt(ip);
        out.order(ByteOrder.LITTLE_ENDIAN).putLong(flock);
        out.order(ByteOrder.BIG_ENDIAN).putShort((short) port);
        out.order(ByteOrder.LITTLE_ENDIAN).putShort((short) tunnel);
        return out.put(kek).put(cosk).put(cs).array();
    }
}
