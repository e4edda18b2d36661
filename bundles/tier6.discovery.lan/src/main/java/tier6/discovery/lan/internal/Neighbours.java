package tier6.discovery.lan.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tier6.api.discovery.PeerSink;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;

/**
 * Who announced themselves, and what of it is believed: what is sealed under the secret of the segment, is of our flock, is
 * fresh, and is not older than what was believed already. No threads and no clock of its own.
 */
final class Neighbours {
    /** Clocks of nodes must agree within ten seconds anyhow; an announcement is repeated every thirty. */
    static final long FRESH_SECONDS = 90;

    /** Silence after which a peer is no longer said to be there. Its tunnel has given up long before. */
    static final long GONE_SECONDS = 300;

    private record Neighbour(Peer peer, InetAddress address, long seconds) {}

    private final long flock;
    private final int self;
    private final int port;
    private final SegmentSecret secret;
    private final Path directory;
    private final PeerSink sink;
    private final Map<Integer, Neighbour> known = new HashMap<>(); // at most 254: nothing else is authentic
    private String problem = "";
    private long strangers;

    /**
     * Begins with nobody.
     *
     * @param port the port before the first of our tunnels
     * @param directory where secrets of pairs are written
     */
    Neighbours(long flock, int self, int port, SegmentSecret secret, Path directory, PeerSink sink) {
        this.flock = flock;
        this.self = self;
        this.port = port;
        this.secret = secret;
        this.directory = directory;
        this.sink = sink;
    }

    /** Takes an announcement from the network. */
    void heard(String text, long now) {
        Announcement said = secret.open(text);
        if (said == null || said.flock() != flock) {
            strangers++;
            return;
        }
        if (said.device() == self || Math.abs(now - said.seconds()) > FRESH_SECONDS) {
            return;
        }
        Neighbour before = known.get(said.device());
        if (before != null) {
            boolean repeated = said.seconds() < before.seconds;
            // Who is on several segments is reached on the one where they were heard first, for as long as they are.
            boolean elsewhere =
                    !said.address().equals(before.address) && said.seconds() - before.seconds <= FRESH_SECONDS;
            if (repeated || elsewhere) {
                return;
            }
        }
        try {
            Peer peer = peer(said);
            known.put(said.device(), new Neighbour(peer, said.address(), said.seconds()));
            if (before == null || !peer.equals(before.peer)) {
                sink.announce(peer);
            }
            problem = "";
        } catch (IOException e) {
            problem = e.getMessage();
        }
    }

    private Peer peer(Announcement said) throws IOException {
        Path file = directory.resolve("pair-%02x".formatted(said.device()));
        if (!known.containsKey(said.device())) {
            secret.writePair(flock, self, said.device(), file);
        }
        return Peer.at(
                new PeerId(flock, said.device()),
                new InetSocketAddress(said.address(), said.port() + self),
                file,
                port + said.device());
    }

    /** Forgets who has not been heard for long. */
    void tick(long now) {
        List<Neighbour> gone = known.values().stream()
                .filter(neighbour -> now - neighbour.seconds > GONE_SECONDS)
                .toList();
        for (Neighbour neighbour : gone) {
            known.remove(neighbour.peer.id().device());
            sink.withdraw(neighbour.peer.id());
        }
    }

    /** For people. */
    String status() {
        return known.size()
                + (known.size() == 1 ? " neighbour" : " neighbours")
                + (strangers == 0 ? "" : ", " + strangers + " announcements of others")
                + (problem.isEmpty() ? "" : "; " + problem);
    }
}
