package tier6.discovery.lan.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * What a node says of itself.
 *
 * @param flock of the device
 * @param device its kek-id
 * @param port the port before the first of its tunnels: where it expects device n is n further
 * @param address where it is on this segment
 * @param seconds when it said so, Unix time
 */
record Announcement(long flock, int device, int port, InetAddress address, long seconds) {
    private static final byte VERSION = 1;
    private static final int HEAD = 1 + Long.BYTES + 1 + Short.BYTES + Long.BYTES;
    private static final int IPV4 = 4, IPV6 = 16;
    private static final int MAX_DEVICE = 254;
    private static final int MAX_PORT = 0xffff - MAX_DEVICE;

    byte[] encode() {
        byte[] ip = address.getAddress();
        return ByteBuffer.allocate(HEAD + ip.length)
                .put(VERSION)
                .putLong(flock)
                .put((byte) device)
                .putShort((short) port)
                .putLong(seconds)
                .put(ip)
                .array();
    }

    /** Reads what {@link #encode} wrote; null if it is something else. */
    static Announcement decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int ipSize = bytes.length - HEAD;
        if (ipSize != IPV4 && ipSize != IPV6 || in.get() != VERSION) {
            return null;
        }
        long flock = in.getLong();
        int device = in.get() & 0xff;
        int port = in.getShort() & 0xffff;
        long seconds = in.getLong();
        byte[] ip = new byte[ipSize];
        in.get(ip);
        if (device < 1 || device > MAX_DEVICE || port < 1 || port > MAX_PORT) {
            return null;
        }
        try {
            return new Announcement(flock, device, port, InetAddress.getByAddress(ip), seconds);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are an address", e);
        }
    }
}
