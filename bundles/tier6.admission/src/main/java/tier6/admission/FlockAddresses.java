package tier6.admission;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tier6.api.tap.TapConfig;
import tier6.sanctum.kdf.Flocks;

/**
 * The addresses of a flock, all of them computed: nobody hands them out, so nobody has to be asked.
 *
 * <p>IPv6 is a unique local prefix (RFC 4193), 40 bits of it from a hash of the flock's id, subnet 0; the interface identifier
 * is the modified EUI-64 of the device's hardware address (RFC 4291 appendix A). IPv4 is a /24 out of 100.64.0.0/10, which no
 * site uses (RFC 6598); the number of the device is the last byte.
 *
 * @param flock id of the flock
 * @param pool the first address of the IPv4 network, or 0 for none
 */
public record FlockAddresses(long flock, int pool) {
    private static final int SHARED_SPACE = 100 << 24 | 64 << 16;
    private static final int POOLS = 1 << 14;
    private static final int PREFIX_4 = 24, PREFIX_6 = 64;

    /**
     * The IPv4 network of a flock.
     *
     * @param attempt 0, and one more for each network that this host has a route into already
     */
    public static int pool(long flock, int attempt) {
        int number = ByteBuffer.wrap(hash("tier6 IPv4 pool", flock)).getInt() + attempt & POOLS - 1;
        return SHARED_SPACE | number << Byte.SIZE;
    }

    /** The addresses of a device. */
    public List<TapConfig.Address> of(int kekId, int csId) {
        TapConfig.Address six = new TapConfig.Address(ipv6(kekId, csId), PREFIX_6);
        return pool == 0 ? List.of(six) : List.of(new TapConfig.Address(ipv4(kekId), PREFIX_4), six);
    }

    /** The IPv4 address of a device, of a flock that has a pool. */
    InetAddress ipv4(int kekId) {
        return address(ByteBuffer.allocate(Integer.BYTES).putInt(pool | kekId));
    }

    private InetAddress ipv6(int kekId, int csId) {
        ByteBuffer bytes = ByteBuffer.allocate(16);
        bytes.put((byte) 0xfd).put(hash("tier6 IPv6 prefix", flock), 0, 5).putShort((short) 0);
        // 06:KEK:CS-ID with the universal/local bit inverted and ff:fe in the middle.
        bytes.put((byte) 0x04).put((byte) kekId).put((byte) (csId >>> 24));
        bytes.putShort((short) 0xfffe);
        bytes.put((byte) (csId >>> 16)).put((byte) (csId >>> 8)).put((byte) csId);
        return address(bytes);
    }

    private static byte[] hash(String label, long flock) {
        byte[] name = label.getBytes(StandardCharsets.US_ASCII);
        return Digests.sha3(ByteBuffer.allocate(name.length + Long.BYTES)
                .put(name)
                .putLong(Flocks.mask(flock))
                .array());
    }

    private static InetAddress address(ByteBuffer bytes) {
        try {
            return InetAddress.getByAddress(bytes.array());
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are an address", e);
        }
    }
}
