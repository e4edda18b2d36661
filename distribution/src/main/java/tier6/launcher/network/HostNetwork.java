package tier6.launcher.network;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The IPv4 networks that this host is in. */
final class HostNetwork {
    private static final Path ROUTES = Path.of("/proc/net/route");
    private static final byte[] SOMEWHERE = {8, 8, 8, 8};

    private HostNetwork() {}

    /** The addresses by which others may know this host; that of the way into the Internet first. */
    static List<InetAddress> addresses() throws IOException {
        Set<InetAddress> all = new LinkedHashSet<>();
        // Connecting a datagram socket sends nothing; the kernel only chooses an address.
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByAddress(SOMEWHERE), 9));
            all.add(socket.getLocalAddress());
        } catch (SocketException | RuntimeException e) {
            // There is no way into the Internet.
        }
        for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            // The overlay must not carry itself.
            if (device.isUp() && !device.isLoopback() && !isTun(device.getName())) {
                device.inetAddresses().forEach(all::add);
            }
        }
        return all.stream()
                .filter(Inet4Address.class::isInstance)
                .filter(address ->
                        !address.isAnyLocalAddress() && !address.isLinkLocalAddress() && !address.isLoopbackAddress())
                .toList();
    }

    /** Whether it is an interface of a program such as this one. */
    private static boolean isTun(String name) {
        return Files.exists(Path.of("/sys/class/net", name, "tun_flags"));
    }

    /** Whether this host has a way into the /24 of {@code network} already, other than the one to everywhere. */
    static boolean reaches(int network) throws IOException {
        for (int[] route : routes()) {
            int mask = route[1] & 0xffffff00;
            if (route[1] != 0 && (network & mask) == (route[0] & mask)) {
                return true;
            }
        }
        return false;
    }

    /** Networks and masks. */
    private static List<int[]> routes() throws IOException {
        List<int[]> routes = new ArrayList<>();
        if (Files.isReadable(ROUTES)) {
            for (String line : Files.readAllLines(ROUTES)) {
                String[] words = line.strip().split("\\s+");
                if (words.length > 7 && words[1].matches("[0-9A-F]{8}") && words[7].matches("[0-9A-F]{8}")) {
                    routes.add(new int[] {number(words[1]), number(words[7])});
                }
            }
            return routes;
        }
        for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (InterfaceAddress address : device.getInterfaceAddresses()) {
                if (address.getAddress() instanceof Inet4Address) {
                    int mask = -1 << Integer.SIZE - address.getNetworkPrefixLength();
                    int network =
                            ByteBuffer.wrap(address.getAddress().getAddress()).getInt();
                    routes.add(new int[] {network & mask, mask});
                }
            }
        }
        return routes;
    }

    /** The kernel writes numbers as they lie in memory. */
    private static int number(String hex) {
        int raw = Integer.parseUnsignedInt(hex, 16);
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? Integer.reverseBytes(raw) : raw;
    }
}
