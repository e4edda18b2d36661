package tier6.underlay.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class RawAddressTest {
    private final ByteBuffer raw = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());

    @Test
    void givesBackWhatItWrites() throws UnknownHostException {
        InetAddress linkLocal =
                Inet6Address.getByAddress(null, InetAddress.getByName("fe80::1").getAddress(), 3);
        for (InetSocketAddress address : new InetSocketAddress[] {
            new InetSocketAddress("192.0.2.254", 65535),
            new InetSocketAddress("2001:db8::ff", 1),
            new InetSocketAddress(linkLocal, 443),
        }) {
            for (boolean ipv6 : new boolean[] {true, address.getAddress() instanceof Inet6Address}) {
                RawAddress written = RawAddress.of(address, ipv6);
                written.put(raw, 4);
                assertTrue(written.matches(raw, 4));
                RawAddress read = RawAddress.read(raw, 4);
                assertEquals(address, read.address());
                assertEquals(written.length(), read.length());
                assertTrue(read.matches(raw, 4));
            }
        }
    }

    @Test
    void tellsAddressesApart() {
        RawAddress.of(new InetSocketAddress("2001:db8::1", 500), true).put(raw, 0);
        assertFalse(
                RawAddress.of(new InetSocketAddress("2001:db8::1", 501), true).matches(raw, 0));
        assertFalse(
                RawAddress.of(new InetSocketAddress("2001:db8::2", 500), true).matches(raw, 0));
        assertFalse(
                RawAddress.of(new InetSocketAddress("2001:db9::1", 500), true).matches(raw, 0));
        assertFalse(RawAddress.of(new InetSocketAddress("192.0.2.1", 500), true).matches(raw, 0));
    }

    @Test
    void saysWhatCannotBeReached() {
        assertNull(RawAddress.of(new InetSocketAddress("2001:db8::1", 500), false));
        assertNull(RawAddress.of(InetSocketAddress.createUnresolved("nowhere", 500), true));
    }
}
