package tier6.diagnosis.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tier6.api.frame.Ethernet;

/** What the kernel knows about IP addresses behind an interface. Blocks; a second at most each. */
final class Neighbours {
    private static final Pattern LLADDR = Pattern.compile("lladdr ([0-9a-f:]{17})");
    private static final Pattern DEV = Pattern.compile(" dev (\\S+)");
    private static final Pattern VIA = Pattern.compile(" via (\\S+)");
    private static final int DISCARD = 9;
    private static final int TURNS = 10;
    private static final long TURN_MILLIS = 100;

    private Neighbours() {}

    /** Where the kernel sends packets to an address: an interface, and a router if there is one between. */
    record Route(String device, Optional<String> router) {}

    /** Whether an address is one of this host. */
    static boolean isOwn(InetAddress address) throws IOException {
        return NetworkInterface.getByInetAddress(address) != null;
    }

    /** The route to an address; empty if there is none or the system does not say. */
    static Optional<Route> route(String address) {
        String answer = ip("route", "get", address);
        Matcher device = DEV.matcher(answer);
        Matcher router = VIA.matcher(answer);
        return device.find()
                ? Optional.of(
                        new Route(device.group(1), router.find() ? Optional.of(router.group(1)) : Optional.empty()))
                : Optional.empty();
    }

    /** The hardware address of a neighbour, if the kernel has it. */
    static Optional<Long> known(String address, String device) {
        Matcher mac = LLADDR.matcher(ip("neigh", "show", "to", address, "dev", device));
        return mac.find() ? Optional.of(Ethernet.parse(mac.group(1))) : Optional.empty();
    }

    /** Has the kernel ask for the hardware address of a neighbour, by an empty datagram to the discard port. */
    static Optional<Long> ask(String address, String device) throws InterruptedException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(new byte[0], 0, InetAddress.getByName(address), DISCARD));
        } catch (IOException e) {
            return Optional.empty();
        }
        Optional<Long> mac = known(address, device);
        for (int turn = 0; mac.isEmpty() && turn < TURNS; turn++) {
            Thread.sleep(TURN_MILLIS);
            mac = known(address, device);
        }
        return mac;
    }

    private static String ip(String... words) {
        return run(List.of("ip"), words);
    }

    /** What a program says; empty if it cannot be run. */
    static String run(List<String> program, String... words) {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(words));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            try (BufferedReader lines = process.inputReader()) {
                return lines.lines().collect(Collectors.joining("\n"));
            }
        } catch (IOException e) {
            return "";
        }
    }
}
