package tier6.discovery.static_.internal;

import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tier6.api.discovery.PeerSink;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerEntry;
import tier6.api.peer.PeerId;

/**
 * The configured peers: what is good of the configuration, what is wrong with the rest, and what was announced last.
 * All access is guarded by this.
 */
final class StaticPeers {
    private final List<PeerEntry> peers = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Map<PeerId, Peer> announced = new HashMap<>();
    private final Map<PeerId, String> unresolved = new HashMap<>();

    /** Reads all entries; a bad one becomes a problem and leaves the others alone. */
    StaticPeers(long flock, String... entries) {
        Map<PeerId, String> devices = new HashMap<>();
        Map<Integer, String> ports = new HashMap<>();
        for (String entry : entries) {
            if (entry.isBlank()) {
                continue;
            }
            try {
                PeerEntry peer = PeerEntry.parse(flock, entry);
                unique(devices.putIfAbsent(peer.id(), entry), "kek-id", "each peer has one entry");
                if (peer.localPort() != 0) {
                    unique(
                            ports.putIfAbsent(peer.localPort(), entry),
                            "local port",
                            "each peer needs a local port of its own");
                }
                peers.add(peer);
            } catch (IllegalArgumentException e) {
                problems.add("peers entry '" + entry.strip() + "': " + e.getMessage());
            }
        }
    }

    private static void unique(String before, String what, String remedy) {
        if (before != null) {
            throw new IllegalArgumentException("same " + what + " as in '" + before.strip() + "'; " + remedy);
        }
    }

    /** What is wrong with the configuration, a sentence for each bad entry. */
    synchronized List<String> problems() {
        return List.copyOf(problems);
    }

    /** Whether some peers have names that must be asked for from time to time. */
    synchronized boolean hasNames() {
        return peers.stream().anyMatch(peer -> !peer.isLiteral());
    }

    /** Announces the peers that have literal addresses. Does not block. */
    void announceLiterals(PeerSink sink) {
        for (PeerEntry peer : select(true)) {
            announce(peer, sink);
        }
    }

    /** Asks for the addresses of the others and announces what is new. Blocks for the name service. */
    void announceNames(PeerSink sink) {
        for (PeerEntry peer : select(false)) {
            announce(peer, sink);
        }
    }

    private synchronized List<PeerEntry> select(boolean literal) {
        return peers.stream().filter(peer -> peer.isLiteral() == literal).toList();
    }

    private void announce(PeerEntry configured, PeerSink sink) {
        Peer peer;
        try {
            peer = configured.resolve();
        } catch (UnknownHostException e) {
            synchronized (this) {
                unresolved.put(configured.id(), configured.host());
            }
            return;
        }
        synchronized (this) {
            unresolved.remove(configured.id());
            if (peer.equals(announced.put(peer.id(), peer))) {
                return;
            }
        }
        sink.announce(peer);
    }

    /** One line for people. */
    synchronized String status() {
        StringBuilder line = new StringBuilder(announced.size() + " of " + (peers.size() + problems.size()) + " peers");
        unresolved.forEach((id, host) ->
                line.append("; no address for ").append(host).append(" (check the name and the name service)"));
        problems.forEach(problem -> line.append("; ").append(problem));
        return line.toString();
    }
}
