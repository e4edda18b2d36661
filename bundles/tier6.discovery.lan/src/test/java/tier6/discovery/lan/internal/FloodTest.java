package tier6.discovery.lan.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tier6.api.discovery.PeerSink;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;

/** Somebody on the segment announces names without end, over real multicast. */
class FloodTest {
    private static final long FLOCK = 0xf100dL << 8;
    private static final int MDNS_PORT = 5353;
    private static final int RECORDS = 100; // a datagram
    private static final int TYPE_PTR = 12, CLASS_IN = 1, RESPONSE = 0x8400, TTL_SECONDS = 120;

    @TempDir
    private Path directory;

    private LanSource source(int device) {
        return new LanSource(new Settings(
                FLOCK, device, directory.resolve("secret"), 31_000, "tier6", directory.resolve("pairs-" + device)));
    }

    @Test
    void theSegmentIsLeftForAWhileAndWhoWasFoundStays() throws Exception {
        List<InetAddress> addresses = List.copyOf(new Interfaces("").addresses());
        assumeFalse(addresses.isEmpty(), "no interface with an IPv4 address that supports multicast");
        Files.write(directory.resolve("secret"), HexFormat.of().parseHex("66".repeat(32)));
        List<PeerId> known = new CopyOnWriteArrayList<>();
        LanSource source = source(1);
        LanSource neighbour = source(2);
        source.start(sink(known));
        neighbour.start(sink(new CopyOnWriteArrayList<>()));
        try {
            await("the neighbour", source, () -> !known.isEmpty());
            int[] next = {0};
            await("the flood to be noticed", source, () -> {
                addresses.forEach(address -> flood(address, next));
                return source.status().equals("somebody floods the segment with names; looks again in a minute");
            });
            assertEquals(List.of(new PeerId(FLOCK, 2)), known);
        } finally {
            source.stop();
            neighbour.stop();
        }
    }

    private static PeerSink sink(List<PeerId> known) {
        return new PeerSink() {
            @Override
            public void announce(Peer peer) {
                known.add(peer.id());
            }

            @Override
            public void withdraw(PeerId id) {
                known.remove(id);
            }
        };
    }

    /** Some datagrams with names that nobody has said before. */
    private static void flood(InetAddress from, int[] next) {
        try (MulticastSocket socket = new MulticastSocket()) {
            socket.setNetworkInterface(NetworkInterface.getByInetAddress(from));
            InetAddress group = InetAddress.getByName("224.0.0.251");
            for (int i = 0; i < 10; i++) {
                byte[] datagram = answer(next);
                socket.send(new DatagramPacket(datagram, datagram.length, group, MDNS_PORT));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A response with pointers from our type to services that do not exist (RFC 1035 section 4, RFC 6763 section 4.1). */
    private static byte[] answer(int[] next) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (int field : new int[] {0, RESPONSE, 0, RECORDS, 0, 0}) {
            out.writeShort(field);
        }
        for (int i = 0; i < RECORDS; i++) {
            byte[] type = name(Segment.TYPE);
            byte[] service = name("flood" + next[0]++ + "." + Segment.TYPE);
            out.write(type);
            out.writeShort(TYPE_PTR);
            out.writeShort(CLASS_IN);
            out.writeInt(TTL_SECONDS);
            out.writeShort(service.length);
            out.write(service);
        }
        return bytes.toByteArray();
    }

    private static byte[] name(String dotted) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : dotted.split("\\.")) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.write(0);
        return out.toByteArray();
    }

    private static void await(String what, LanSource source, BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 600; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("waited in vain for " + what + "; " + source.status());
    }
}
