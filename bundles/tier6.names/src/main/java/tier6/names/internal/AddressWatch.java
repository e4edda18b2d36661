package tier6.names.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import tier6.api.frame.Ethernet;

/**
 * Finds out whether somebody else uses an address of this host's interface: asks whenever there is somebody more to be asked,
 * and listens. The addresses are in use from the beginning, when there is no tunnel yet by which others could object; and a
 * node cannot change them later, having given up its rights. So a conflict is told, and an IPv4 address defended (RFC 5227,
 * section 2.4, case c). Who keeps the flock asks for a new device before it gets its address.
 */
final class AddressWatch {
    /** PROBE_NUM of RFC 5227, a second between two. */
    static final int PROBES = 3;

    private static final Logger LOG = System.getLogger("tier6.names");

    /** DEFEND_INTERVAL of RFC 5227. */
    private static final long DEFEND = TimeUnit.SECONDS.toNanos(10);

    /** What is asked for, at most. */
    private static final int MOST_ADDRESSES = 16;

    private final String tap;
    private final Map<InetAddress, Long> told = new HashMap<>();
    private volatile byte[][] own = {};
    private volatile long mac;
    private volatile Question question; // null: none

    /** Whether somebody has an address that this host does not have; the answer is a hardware address. */
    private record Question(byte[][] addresses, CompletableFuture<Long> answer) {
        boolean isAnswer(byte[] data, int at, int length) {
            return AddressProbe.claimant(data, at, length, addresses) != 0;
        }
    }

    AddressWatch(String tap) {
        this.tap = tap;
    }

    /** Looks at the interface again; the addresses to ask for, which are few. */
    List<InetAddress> look() {
        List<InetAddress> addresses = List.of();
        try {
            NetworkInterface device = NetworkInterface.getByName(tap);
            byte[] hardware = device == null ? null : device.getHardwareAddress();
            if (hardware != null && hardware.length == 6) {
                mac = Ethernet.mac(hardware, 0);
                addresses = Collections.list(device.getInetAddresses()).stream()
                        .filter(address -> !address.isLinkLocalAddress())
                        .limit(MOST_ADDRESSES)
                        .toList();
            }
        } catch (SocketException e) {
            LOG.log(Level.DEBUG, "the interface cannot be looked at", e);
        }
        own = addresses.stream().map(InetAddress::getAddress).toArray(byte[][]::new);
        return addresses;
    }

    /** Listens for who has an address, until {@link #expectNothing}. One at a time. */
    CompletableFuture<Long> expect(InetAddress address) {
        CompletableFuture<Long> answer = new CompletableFuture<>();
        question = new Question(new byte[][] {address.getAddress()}, answer);
        return answer;
    }

    void expectNothing() {
        question = null;
    }

    /** Whether a frame is worth to be {@linkplain #hear heard}. On the path of a frame. */
    boolean isOfInterest(byte[] data, int at, int length) {
        Question asked = question;
        return isForeign(data, at, length) || asked != null && asked.isAnswer(data, at, length);
    }

    /** Whether a frame claims one of our addresses for somebody else. On the path of a frame. */
    private boolean isForeign(byte[] data, int at, int length) {
        byte[][] addresses = own;
        if (addresses.length == 0) {
            return false;
        }
        long claimant = AddressProbe.claimant(data, at, length, addresses);
        return claimant != 0 && claimant != mac;
    }

    /**
     * Takes a frame that {@link #isOfInterest}: an answer, or a claim of which it tells now and then.
     *
     * @param from what sends an answer
     * @return a frame to be sent in defence
     */
    Optional<byte[]> hear(byte[] frame, long from) {
        Question asked = question;
        if (asked != null && asked.isAnswer(frame, 0, frame.length)) {
            asked.answer().complete(AddressProbe.claimant(frame, 0, frame.length, asked.addresses()));
        }
        // Its hardware address may have been changed meanwhile.
        look();
        if (!isForeign(frame, 0, frame.length)) {
            return Optional.empty();
        }
        try {
            InetAddress address = InetAddress.getByAddress(AddressProbe.claimed(frame));
            long now = System.nanoTime();
            Long last = told.get(address);
            if (last != null && now - last < DEFEND) {
                return Optional.empty();
            }
            if (told.size() >= MOST_ADDRESSES) {
                told.clear();
            }
            told.put(address, now);
            long claimant = AddressProbe.claimant(frame, 0, frame.length, own);
            LOG.log(
                    Level.WARNING,
                    "{0} of this host is used by {1}, too: what is sent to it goes to the one or the other; take it from"
                            + " one of them, here with ''ip address del {0} dev {2}'', and give that one another",
                    address.getHostAddress(),
                    who(claimant),
                    tap);
            return address instanceof Inet4Address
                    ? Optional.of(AddressProbe.announcement(address, mac, from))
                    : Optional.empty();
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are an address", e);
        }
    }

    /** Interfaces of nodes have their numbers in their hardware addresses (specification section 17.1). */
    static String who(long mac) {
        return mac >>> 40 == 0x06
                ? String.format("device %02x", mac >>> 32 & 0xff)
                : "a host with the hardware address " + Ethernet.format(mac);
    }
}
