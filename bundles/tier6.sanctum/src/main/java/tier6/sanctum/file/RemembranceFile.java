package tier6.sanctum.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import tier6.sanctum.offer.RemembranceBody;

/**
 * Remembrance files in the two formats that exist; they cannot be mistaken for each other, because their sizes differ
 * (specification section 15.4). Reading and writing block on the file system.
 */
public final class RemembranceFile {

    /** Whose file it is. */
    public enum Format {
        /** 260 bytes: event number, addresses, ports in four bytes each. */
        TIER6(260, 7, Integer.BYTES),
        /** 192 bytes: addresses, ports. */
        SANCTUM(192, 0, Short.BYTES);

        private final int size;
        private final int event;
        private final int portSize;

        Format(int size, int event, int portSize) {
            this.size = size;
            this.event = event;
            this.portSize = portSize;
        }
    }

    private RemembranceFile() {}

    /** Reads a file of either format. */
    public static Remembrance read(Path path) throws IOException {
        try {
            return decode(KeyFiles.readSized(path, Format.TIER6.size, Format.SANCTUM.size));
        } catch (IllegalArgumentException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }

    /** Writes a file that only its owner can read, in one step. */
    public static void write(Path path, Remembrance remembrance, Format format) throws IOException {
        KeyFiles.writeSecret(path, encode(remembrance, format));
    }

    /**
     * Decodes either format, told apart by the length.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static Remembrance decode(byte[] file) {
        for (Format format : Format.values()) {
            if (file.length == format.size) {
                return decode(file, format);
            }
        }
        throw new IllegalArgumentException(
                "a remembrance has " + Format.TIER6.size + " or " + Format.SANCTUM.size + " bytes, not " + file.length);
    }

    private static Remembrance decode(byte[] file, Format format) {
        ByteBuffer in = ByteBuffer.wrap(file);
        if (format.event != 0 && in.order(ByteOrder.LITTLE_ENDIAN).getInt() != format.event) {
            throw new IllegalArgumentException("this is no remembrance, though it has the size of one");
        }
        in.order(ByteOrder.BIG_ENDIAN);
        int[] ips = new int[RemembranceBody.SLOTS];
        int[] ports = new int[RemembranceBody.SLOTS];
        for (int i = 0; i < ips.length; i++) {
            ips[i] = in.getInt();
        }
        for (int i = 0; i < ports.length; i++, in.position(in.position() + format.portSize - Short.BYTES)) {
            ports[i] = in.getShort() & 0xffff;
        }
        return Remembrance.of(new RemembranceBody(ips, ports));
    }

    /** Encodes in the given format. */
    public static byte[] encode(Remembrance remembrance, Format format) {
        RemembranceBody body = remembrance.toBody();
        ByteBuffer out = ByteBuffer.allocate(format.size);
        if (format.event != 0) {
            out.putInt(Integer.reverseBytes(format.event));
        }
        for (int ip : body.ips()) {
            out.putInt(ip);
        }
        for (int port : body.ports()) {
            out.putShort((short) port);
            out.position(out.position() + format.portSize - Short.BYTES);
        }
        return out.array();
    }
}
