package tier6.underlay.linux.internal;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import tier6.libc.Libc;

/**
 * A socket address as the system writes it, {@code sockaddr_in} or {@code sockaddr_in6}, beside the object that it
 * stands for: comparing a sender with the last one takes no object.
 */
final class RawAddress {
    /** Bytes of the longer form. */
    static final int SIZE = 28;

    private static final int PORT = 2, IPV4 = 4, IPV6 = 8, SCOPE = 24;
    private static final int IPV4_SIZE = 16;

    private final InetSocketAddress address;
    private final int length;
    private final long first;
    private final long second;
    private final long third;
    private final int scope;

    private RawAddress(InetSocketAddress address, ByteBuffer raw, int at) {
        this.address = address;
        first = raw.getLong(at);
        if (isIpv6(raw, at)) {
            length = SIZE;
            second = raw.getLong(at + 8);
            third = raw.getLong(at + 16);
            scope = raw.getInt(at + SCOPE);
        } else {
            length = IPV4_SIZE;
            second = third = scope = 0;
        }
    }

    /**
     * Writes {@code address} for a socket of the given family.
     *
     * @param ipv6 whether the socket is one of IPv6; IPv4 addresses are mapped then (RFC 4291, 2.5.5.2)
     * @return null if such a socket cannot send there
     */
    static RawAddress of(InetSocketAddress address, boolean ipv6) {
        if (address.isUnresolved()) {
            return null;
        }
        InetAddress host = address.getAddress();
        byte[] bytes = host.getAddress();
        ByteBuffer raw = ByteBuffer.allocate(SIZE).order(ByteOrder.nativeOrder());
        raw.put(PORT, (byte) (address.getPort() >> 8)).put(PORT + 1, (byte) address.getPort());
        if (ipv6) {
            raw.putShort(0, (short) Libc.AF_INET6);
            if (bytes.length == 4) {
                raw.putShort(IPV6 + 10, (short) -1).put(IPV6 + 12, bytes);
            } else {
                raw.put(IPV6, bytes).putInt(SCOPE, ((Inet6Address) host).getScopeId());
            }
        } else if (bytes.length == 4) {
            raw.putShort(0, (short) Libc.AF_INET).put(IPV4, bytes);
        } else {
            return null;
        }
        return new RawAddress(address, raw, 0);
    }

    /** Reads what the system wrote. */
    static RawAddress read(ByteBuffer raw, int at) {
        boolean ipv6 = isIpv6(raw, at);
        byte[] bytes = new byte[ipv6 ? 16 : 4];
        raw.get(at + (ipv6 ? IPV6 : IPV4), bytes);
        int port = (raw.get(at + PORT) & 0xff) << 8 | raw.get(at + PORT + 1) & 0xff;
        int scope = ipv6 ? raw.getInt(at + SCOPE) : 0;
        try {
            InetAddress host =
                    scope == 0 ? InetAddress.getByAddress(bytes) : Inet6Address.getByAddress(null, bytes, scope);
            return new RawAddress(new InetSocketAddress(host, port), raw, at);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are an address", e);
        }
    }

    private static boolean isIpv6(ByteBuffer raw, int at) {
        return raw.getShort(at) == Libc.AF_INET6;
    }

    /** The address as an object, always the same. */
    InetSocketAddress address() {
        return address;
    }

    /** Bytes that it takes. */
    int length() {
        return length;
    }

    /** Writes it; {@link #SIZE} bytes are touched. */
    void put(ByteBuffer raw, int at) {
        raw.putLong(at, first).putLong(at + 8, second).putLong(at + 16, third).putInt(at + SCOPE, scope);
    }

    /** Whether the system wrote the same address at {@code at}. */
    boolean matches(ByteBuffer raw, int at) {
        return raw.getLong(at) == first
                && (length == IPV4_SIZE
                        || raw.getLong(at + 8) == second
                                && raw.getLong(at + 16) == third
                                && raw.getInt(at + SCOPE) == scope);
    }
}
