package tier6.admission;

import java.io.ByteArrayOutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.util.encoders.Base32;
import tier6.sanctum.crypto.Kmac256;
import tier6.sanctum.crypto.Secrets;

/**
 * What a new device is given: where to ask, a secret that proves that it was invited, and by what it knows the owner of the
 * flock. Written as {@code T6-} and base32 (RFC 4648) of
 *
 * <pre>
 * 1 byte    version, 1
 * 4 bytes   id
 * 32 bytes  secret
 * 16 bytes  fingerprint of the owner's key
 * 1 byte    number of addresses, each
 *   1 byte  0, then 4 bytes of an IPv4 address; or the length of a name, then the name
 *   2 bytes port
 * 4 bytes   the beginning of the SHA-256 of all before
 * </pre>
 *
 * in capitals, which QR codes hold in little space; what is read may have small letters, and blanks and hyphens anywhere.
 *
 * @param servers where to ask, in this order; a name that is not resolved is as good as an address
 * @param id names the invitation
 * @param secret 32 bytes, the invitation's own; zero after {@link #close}
 * @param fingerprint 16 bytes
 */
public record InvitationText(List<InetSocketAddress> servers, int id, byte[] secret, byte[] fingerprint)
        implements AutoCloseable {
    /** The most addresses. */
    public static final int MOST_SERVERS = 4;

    static final int SECRET_SIZE = 32;

    private static final int VERSION = 1;
    private static final int CHECKSUM_SIZE = 4;
    private static final int LONGEST_NAME = 100;
    private static final int MOST_CHARACTERS = 1_000;
    private static final String PREFIX = "T6-";

    public InvitationText {
        servers = List.copyOf(servers);
        Secrets.ofSize(secret, SECRET_SIZE, "the secret of an invitation");
        Secrets.ofSize(fingerprint, Fingerprint.SIZE, "a fingerprint");
        if (servers.isEmpty() || servers.size() > MOST_SERVERS) {
            throw new IllegalArgumentException("an invitation has 1 to " + MOST_SERVERS + " addresses");
        }
    }

    /** As people write the id. */
    public static String name(int id) {
        return String.format("%08x", id);
    }

    /** The text, in ASCII. It is a secret: the caller clears it. */
    public byte[] text() {
        ByteBuffer content = ByteBuffer.allocate(MOST_CHARACTERS);
        content.put((byte) VERSION).putInt(id).put(secret).put(fingerprint).put((byte) servers.size());
        for (InetSocketAddress server : servers) {
            if (server.getAddress() instanceof Inet4Address address) {
                content.put((byte) 0).put(address.getAddress());
            } else {
                byte[] name = server.getHostString().getBytes(StandardCharsets.US_ASCII);
                content.put((byte) name.length).put(name);
            }
            content.putShort((short) server.getPort());
        }
        byte[] bytes = Arrays.copyOf(content.array(), content.position());
        byte[] whole = Arrays.copyOf(bytes, bytes.length + CHECKSUM_SIZE);
        System.arraycopy(Digests.sha256(bytes), 0, whole, bytes.length, CHECKSUM_SIZE);
        byte[] padded = Base32.encode(whole);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes(PREFIX.getBytes(StandardCharsets.US_ASCII));
        for (byte b : padded) {
            if (b != '=') {
                text.write(b);
            }
        }
        Secrets.clear(content.array(), bytes, whole, padded);
        return text.toByteArray();
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws AdmissionException saying what is wrong with it
     */
    public static InvitationText parse(byte[] text) throws AdmissionException {
        byte[] whole = decode(bare(text));
        byte[] bytes = Arrays.copyOf(whole, Math.max(0, whole.length - CHECKSUM_SIZE));
        try {
            byte[] checksum = Arrays.copyOfRange(whole, bytes.length, whole.length);
            if (!Arrays.equals(checksum, Arrays.copyOf(Digests.sha256(bytes), CHECKSUM_SIZE))) {
                throw new AdmissionException(
                        "this invitation was changed or cut on its way: copy all of it, from T6- to its end");
            }
            return parse(ByteBuffer.wrap(bytes));
        } catch (BufferUnderflowException | IllegalArgumentException | UnknownHostException e) {
            throw new AdmissionException("this invitation makes no sense: ask for another");
        } finally {
            Secrets.clear(whole, bytes);
        }
    }

    private static InvitationText parse(ByteBuffer in) throws AdmissionException, UnknownHostException {
        int version = in.get();
        if (version != VERSION) {
            throw new AdmissionException(
                    "this invitation has version " + version + ", which a newer tier6 knows: install that");
        }
        int id = in.getInt();
        byte[] secret = new byte[SECRET_SIZE];
        byte[] fingerprint = new byte[Fingerprint.SIZE];
        in.get(secret).get(fingerprint);
        List<InetSocketAddress> servers = new ArrayList<>();
        for (int n = in.get(); n > 0; n--) {
            int length = in.get();
            byte[] host = new byte[length == 0 ? 4 : length];
            in.get(host);
            int port = in.getShort() & 0xffff;
            String name = new String(host, StandardCharsets.US_ASCII);
            if (length != 0 && !name.matches("[A-Za-z0-9.-]{1," + LONGEST_NAME + "}")) {
                throw new IllegalArgumentException("a name of a host has other characters");
            }
            servers.add(
                    length == 0
                            ? new InetSocketAddress(InetAddress.getByAddress(host), port)
                            : InetSocketAddress.createUnresolved(name, port));
        }
        return new InvitationText(servers, id, secret, fingerprint);
    }

    /** Without prefix, blanks and hyphens, in capitals. */
    private static byte[] bare(byte[] text) throws AdmissionException {
        byte[] bare = new byte[Math.min(text.length, MOST_CHARACTERS)];
        int n = 0;
        for (byte b : text) {
            boolean skipped = b <= ' ' || b == '-';
            if (!skipped && n < bare.length) {
                bare[n++] = (byte) (b >= 'a' && b <= 'z' ? b - 'a' + 'A' : b);
            }
        }
        if (n < 2 || bare[0] != 'T' || bare[1] != '6') {
            Secrets.clear(bare);
            throw new AdmissionException("this is no invitation: those begin with T6-");
        }
        byte[] rest = Arrays.copyOfRange(bare, 2, n);
        Secrets.clear(bare);
        return rest;
    }

    private static byte[] decode(byte[] bare) throws AdmissionException {
        byte[] padded = Arrays.copyOf(bare, (bare.length + 7) / 8 * 8);
        Arrays.fill(padded, bare.length, padded.length, (byte) '=');
        try {
            return Base32.decode(padded);
        } catch (IllegalStateException | ArrayIndexOutOfBoundsException e) {
            throw new AdmissionException(
                    "this invitation was changed or cut on its way: copy all of it, from T6- to its end, which has"
                            + " letters A to Z and digits 2 to 7 only");
        } finally {
            Secrets.clear(bare, padded);
        }
    }

    /** The key of the conversation: what the server keeps. It does not give the secret away. */
    byte[] key() {
        return Kmac256.derive(
                secret,
                "tier6 invitation",
                SECRET_SIZE,
                ByteBuffer.allocate(Integer.BYTES).putInt(id).array(),
                fingerprint);
    }

    @Override
    public void close() {
        Secrets.clear(secret);
    }

    /** Says which, and no secret. */
    @Override
    public String toString() {
        return "InvitationText[" + name(id) + "]";
    }
}
