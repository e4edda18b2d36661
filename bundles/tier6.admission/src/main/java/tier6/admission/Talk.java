package tier6.admission;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.Secrets;
import tier6.sanctum.file.Identity;

/**
 * What is said inside the connection: one request, one reply, each with two bytes of its length before it and a signature at
 * its end, over its direction, what both know of the connection, and all before. {@code distribution/docs/join.md} has every
 * field.
 */
final class Talk {
    static final int VERSION = 1;
    static final int MOST_REQUEST = 512, MOST_REPLY = 1024;

    private static final byte[] REQUEST = "tier6 request\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REPLY = "tier6 reply\0".getBytes(StandardCharsets.US_ASCII);

    private Talk() {}

    /** What is wished. */
    enum Wish {
        JOIN,
        RENAME,
        LEAVE
    }

    /**
     * A request.
     *
     * @param wish what is wished
     * @param cosk public signing key of who asks
     * @param name what it would like to be called; empty to leave
     */
    record Request(Wish wish, byte[] cosk, String name) {}

    /** Makes a request. */
    static byte[] request(Request request, byte[] coskSecret, byte[] binding) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(VERSION);
        out.writeByte(request.wish().ordinal());
        out.write(request.cosk());
        text(out, request.name());
        out.write(Ed25519.sign(coskSecret, signed(REQUEST, binding, bytes.toByteArray())));
        return bytes.toByteArray();
    }

    /**
     * Reads a request.
     *
     * @throws AdmissionException if it cannot be understood
     */
    static Request request(byte[] bytes, byte[] binding) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readUnsignedByte();
            if (version != VERSION) {
                throw new AdmissionException("this flock speaks version " + VERSION + " of the conversation, not "
                        + version + ": install the same version of tier6 on both");
            }
            int wish = in.readUnsignedByte();
            byte[] cosk = in.readNBytes(Ed25519.PUBLIC_SIZE);
            String name = text(in);
            checkEnd(in, bytes, cosk, REQUEST, binding);
            if (wish >= Wish.values().length) {
                throw new AdmissionException("this flock does not know what is wished: install a newer tier6 there");
            }
            return new Request(Wish.values()[wish], cosk, name);
        } catch (EOFException e) {
            throw new AdmissionException("the request ends too early");
        }
    }

    /** How it went. */
    enum Status {
        /** A seat follows. */
        SEAT,
        /** Ask again. */
        WAIT,
        /** A sentence follows. */
        REFUSED,
        /** Nothing follows. */
        DONE
    }

    /**
     * A reply.
     *
     * @param status how it went
     * @param sentence if refused, why; else null
     * @param seat if there is one
     */
    record Reply(Status status, String sentence, Seat seat) {}

    /** Signs for the owner of the flock. */
    @FunctionalInterface
    interface Signer {
        byte[] sign(byte[] data) throws IOException;
    }

    /** Makes a reply. The caller clears it, for there may be secrets in it. */
    static byte[] reply(Reply reply, byte[] owner, Signer signer, byte[] binding) throws IOException {
        Bytes bytes = new Bytes();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(VERSION);
        out.writeByte(reply.status().ordinal());
        out.write(owner);
        if (reply.status() == Status.REFUSED) {
            byte[] sentence = reply.sentence().getBytes(StandardCharsets.UTF_8);
            int length = Math.min(sentence.length, MOST_REPLY / 2);
            out.writeShort(length);
            out.write(sentence, 0, length);
        } else if (reply.status() == Status.SEAT) {
            seat(out, reply.seat());
        }
        byte[] body = bytes.toByteArray();
        byte[] signed = signed(REPLY, binding, body);
        try {
            out.write(signer.sign(signed));
            return bytes.toByteArray();
        } finally {
            bytes.clear();
            Secrets.clear(body, signed);
        }
    }

    private static void seat(DataOutputStream out, Seat seat) throws IOException {
        out.writeLong(seat.flock());
        text(out, seat.flockName());
        out.writeByte(seat.kekId());
        out.writeInt(seat.csId());
        text(out, seat.name());
        out.write(seat.cs());
        out.write(seat.kek());
        out.writeShort(seat.certificate().length);
        out.write(seat.certificate());
        out.writeInt(seat.pool());
        out.writeByte(seat.addressed() ? 1 : 0);
        out.writeShort(seat.port());
        out.writeShort(seat.natPort());
    }

    /**
     * Reads a reply.
     *
     * @param fingerprint of the owner's key
     * @throws AdmissionException if it does not come from the owner of the flock
     */
    static Reply reply(byte[] bytes, byte[] fingerprint, byte[] binding) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readUnsignedByte();
            int status = in.readUnsignedByte();
            byte[] owner = in.readNBytes(Ed25519.PUBLIC_SIZE);
            if (version != VERSION || status >= Status.values().length) {
                throw new AdmissionException("this flock speaks another version of the conversation: install the same"
                        + " version of tier6 on both");
            }
            if (owner.length != Ed25519.PUBLIC_SIZE || !Arrays.equals(Fingerprint.of(owner), fingerprint)) {
                throw new AdmissionException(
                        "who answers is not the owner of the flock: perhaps somebody else has this invitation, too;"
                                + " tell the owner and ask for another");
            }
            Status how = Status.values()[status];
            String sentence = how == Status.REFUSED
                    ? new String(in.readNBytes(in.readUnsignedShort()), StandardCharsets.UTF_8)
                    : null;
            Seat seat = how == Status.SEAT ? seat(in, owner) : null;
            checkEnd(in, bytes, owner, REPLY, binding);
            return new Reply(how, sentence, seat);
        } catch (EOFException e) {
            throw new AdmissionException("the reply ends too early: try again");
        }
    }

    private static Seat seat(DataInputStream in, byte[] owner) throws IOException {
        long flock = in.readLong();
        String flockName = text(in);
        int kekId = in.readUnsignedByte();
        int csId = in.readInt();
        String name = text(in);
        byte[] cs = in.readNBytes(Identity.SECRET_SIZE);
        byte[] kek = in.readNBytes(Identity.SECRET_SIZE);
        byte[] certificate = in.readNBytes(Math.min(in.readUnsignedShort(), NameCertificate.MOST_BYTES));
        int pool = in.readInt();
        boolean addressed = in.readUnsignedByte() != 0;
        int port = in.readUnsignedShort();
        int natPort = in.readUnsignedShort();
        if (!NameCertificate.isName(name) || !NameCertificate.isName(flockName)) {
            throw new AdmissionException("the reply names what cannot be a name");
        }
        return new Seat(
                flock, flockName, kekId, csId, name, cs, kek, owner, certificate, pool, addressed, port, natPort);
    }

    private static void checkEnd(DataInputStream in, byte[] bytes, byte[] key, byte[] direction, byte[] binding)
            throws IOException {
        byte[] signature = in.readNBytes(Ed25519.SIGNATURE_SIZE);
        byte[] body = Arrays.copyOf(bytes, Math.max(0, bytes.length - Ed25519.SIGNATURE_SIZE));
        byte[] signed = signed(direction, binding, body);
        boolean good = in.read() < 0 && Ed25519.verify(key, signed, signature);
        Secrets.clear(body, signed);
        if (!good) {
            throw new AdmissionException("the signature is wrong: this is not who it says it is");
        }
    }

    private static byte[] signed(byte[] direction, byte[] binding, byte[] body) {
        return ByteBuffer.allocate(direction.length + binding.length + body.length)
                .put(direction)
                .put(binding)
                .put(body)
                .array();
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        out.writeByte(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.US_ASCII);
    }

    /** Sends a message. */
    static void send(OutputStream out, byte[] message) throws IOException {
        byte[] framed = ByteBuffer.allocate(Short.BYTES + message.length)
                .putShort((short) message.length)
                .put(message)
                .array();
        out.write(framed);
        out.flush();
        Secrets.clear(framed);
    }

    /** Receives a message. */
    static byte[] receive(InputStream in, int most) throws IOException {
        byte[] length = in.readNBytes(Short.BYTES);
        if (length.length < Short.BYTES) {
            throw new EOFException("nothing was said");
        }
        int size = ByteBuffer.wrap(length).getShort() & 0xffff;
        if (size > most) {
            throw new AdmissionException("a message of " + size + " bytes is too long");
        }
        byte[] message = in.readNBytes(size);
        if (message.length < size) {
            throw new EOFException("a message ends too early");
        }
        return message;
    }

    /** Bytes that can be cleared. */
    private static final class Bytes extends ByteArrayOutputStream {
        Bytes() {
            super(MOST_REPLY);
        }

        void clear() {
            Secrets.clear(buf);
        }
    }
}
