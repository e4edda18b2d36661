package tier6.discovery.file.internal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tier6.api.discovery.PeerSink;
import tier6.api.discovery.PeerSource;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerEntry;
import tier6.api.peer.PeerId;

/** A source that asks an {@link Origin} again and again on a thread of its own, and tells the sink what changed. */
abstract class Inquiry implements PeerSource {
    private static final Logger LOG = System.getLogger("tier6.discovery.file");
    private static final int MOST_PROBLEMS = 3;

    private final String name;
    private final Origin origin;
    private final Duration interval;
    private final Map<PeerId, Peer> announced = new HashMap<>(); // the thread's own
    private volatile String status = "has not looked yet";
    private Thread thread;

    Inquiry(String name, Origin origin, Duration interval) {
        this.name = name;
        this.origin = origin;
        this.interval = interval;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public synchronized void start(PeerSink sink) {
        thread = new Thread(() -> run(sink), "tier6-discovery-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public synchronized void stop() {
        if (thread != null) {
            // Not joined: the name service may not return for a long time, and the sink ignores what comes later.
            thread.interrupt();
            thread = null;
        }
    }

    @Override
    public String status() {
        return status;
    }

    private void run(PeerSink sink) {
        try {
            while (!Thread.interrupted()) {
                turn(sink);
                Thread.sleep(interval.toMillis());
            }
        } catch (InterruptedException e) {
            // stopped
        }
    }

    private void turn(PeerSink sink) {
        try {
            tell(origin.ask(), sink);
        } catch (IOException e) {
            say(announced.size() + " peers stay as they are", List.of(e.getMessage()));
        } catch (RuntimeException e) {
            say("failed, tries again", List.of(e.toString()));
        }
    }

    private void tell(Answer answer, PeerSink sink) {
        List<String> problems = new ArrayList<>(answer.problems());
        if (answer.complete()) {
            Set<PeerId> there = answer.entries().stream().map(PeerEntry::id).collect(Collectors.toSet());
            List<PeerId> gone = announced.keySet().stream()
                    .filter(id -> !there.contains(id))
                    .toList();
            for (PeerId id : gone) {
                announced.remove(id);
                sink.withdraw(id);
            }
        }
        for (PeerEntry entry : answer.entries()) {
            try {
                Peer peer = entry.resolve();
                if (!peer.equals(announced.put(peer.id(), peer))) {
                    sink.announce(peer);
                }
            } catch (UnknownHostException e) {
                problems.add("no address for " + entry.host() + " (check the name and the name service)");
            }
        }
        say(announced.size() + " peers", problems);
    }

    private void say(String what, List<String> problems) {
        StringBuilder line = new StringBuilder(what);
        problems.stream()
                .limit(MOST_PROBLEMS)
                .forEach(problem -> line.append("; ").append(problem));
        if (problems.size() > MOST_PROBLEMS) {
            line.append("; and ").append(problems.size() - MOST_PROBLEMS).append(" more");
        }
        String now = line.toString();
        if (!problems.isEmpty() && !now.equals(status)) {
            LOG.log(Level.WARNING, name + ": " + now);
        }
        status = now;
    }
}
