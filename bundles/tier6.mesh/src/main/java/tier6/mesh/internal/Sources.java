package tier6.mesh.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import tier6.api.discovery.PeerSource;
import tier6.api.event.Events;
import tier6.api.event.NodeEvent;
import tier6.api.node.RoleStatus;
import tier6.api.node.SourceStatus;
import tier6.swap.Backend;

/**
 * Which discovery sources serve: all of them, but of several versions of one bundle the newest that works. The others are
 * held: what is held is not had, so that it begins anew, with a new object if it is a component, when its turn comes.
 *
 * <p>Any thread. Whoever adds or removes a source waits until what has to stop has stopped, a second each at most.
 */
final class Sources implements AutoCloseable {
    private static final long BURIAL_MILLIS = TimeUnit.SECONDS.toMillis(4);
    private static final long REMAINS_MILLIS = TimeUnit.SECONDS.toMillis(30);

    private final Mesh mesh;
    private final Events events;
    private final List<Source> remains = new CopyOnWriteArrayList<>();

    // Guarded by this.
    private final List<Backend<PeerSource>> candidates = new ArrayList<>();
    private final Map<Backend<PeerSource>, Source> serving = new HashMap<>();
    private final Map<Backend<PeerSource>, String> failures = new HashMap<>();

    Sources(Mesh mesh, Events events) {
        this.mesh = mesh;
        this.events = events;
    }

    synchronized void add(Backend<PeerSource> candidate) {
        candidates.add(candidate);
        decide();
    }

    synchronized void remove(Backend<PeerSource> candidate) {
        candidates.remove(candidate);
        failures.remove(candidate);
        decide();
    }

    /** One that does not start gives way to another version, if there is one. */
    synchronized void begun(Source source, boolean well) {
        Backend<PeerSource> candidate = source.backend();
        if (serving.get(candidate) != source) {
            return;
        }
        if (well) {
            failures.remove(candidate);
        } else {
            String reason = source.problem().orElse("it does not start");
            failures.put(candidate, reason);
            before(candidate)
                    .ifPresent(next -> events.publish(
                            new NodeEvent.SwapFailed(Mesh.DISCOVERY, candidate.label(), reason, next.label())));
        }
        decide();
    }

    /** The old ones end before the new ones begin: a cathedral talks to one of them only. */
    private void decide() {
        List<Source> ending = new ArrayList<>();
        serving.values().removeIf(source -> !mayServe(source.backend()) && ending.add(source));
        ending.forEach(Source::beginStop);
        ending.forEach(this::end);
        for (Backend<PeerSource> candidate : candidates) {
            if (mayServe(candidate) && !serving.containsKey(candidate)) {
                Source source = new Source(candidate, mesh);
                serving.put(candidate, source);
                source.start();
            }
        }
    }

    private void end(Source source) {
        source.awaitStop();
        mesh.stopped(source);
        mesh.later(() -> bury(source), BURIAL_MILLIS);
    }

    /** A source that left something behind is shown for as long as that is there. */
    private void bury(Source source) {
        remains.remove(source);
        if (!source.isGone()) {
            remains.add(source);
            mesh.later(() -> bury(source), REMAINS_MILLIS);
        }
    }

    private boolean mayServe(Backend<PeerSource> candidate) {
        return candidates.contains(candidate) && before(candidate).isEmpty();
    }

    /** Who serves instead: the one that nobody comes before. */
    private Optional<Backend<PeerSource>> before(Backend<PeerSource> candidate) {
        return candidates.stream()
                .filter(other -> comesBefore(other, candidate))
                .reduce((one, other) -> comesBefore(one, other) ? one : other);
    }

    private boolean comesBefore(Backend<PeerSource> one, Backend<PeerSource> other) {
        if (!isSame(one, other)) {
            return false;
        }
        if (failures.containsKey(one) != failures.containsKey(other)) {
            return failures.containsKey(other);
        }
        return one.isNewerThan(other) || !other.isNewerThan(one) && one.bundleId() < other.bundleId();
    }

    /** Whether both are the same source of one bundle, which is there more than once. */
    private static boolean isSame(Backend<PeerSource> one, Backend<PeerSource> other) {
        return one.bundleId() != other.bundleId()
                && one.bundle().equals(other.bundle())
                && one.instance().equals(other.instance());
    }

    /** Whether there are sources, and each has begun its search, as well as it could. */
    synchronized boolean haveBegun() {
        return !serving.isEmpty() && serving.values().stream().allMatch(Source::hasBegun);
    }

    /** What the sources say, who is held among them. Asks each, outside the lock. */
    List<SourceStatus> status() {
        List<SourceStatus> all = new ArrayList<>();
        for (Source source : servingNow()) {
            all.add(source.status());
            held(source)
                    .forEach(other -> all.add(new SourceStatus(
                            source.name(),
                            other.label(),
                            0,
                            why(other) + source.backend().version() + " serves instead")));
        }
        remains.forEach(source -> all.add(source.status()));
        return all;
    }

    private synchronized String why(Backend<PeerSource> held) {
        String failure = failures.get(held);
        return failure == null ? "" : failure + "; ";
    }

    /** The same as roles, which each has for itself. */
    List<RoleStatus> roles() {
        return servingNow().stream()
                .map(source -> source.role(held(source).stream()
                        .map(other -> new RoleStatus.Backend(source.name(), other.label()))
                        .toList()))
                .toList();
    }

    private synchronized List<Source> servingNow() {
        return candidates.stream()
                .filter(serving::containsKey)
                .map(serving::get)
                .toList();
    }

    private synchronized List<Backend<PeerSource>> held(Source source) {
        Predicate<Backend<PeerSource>> waits = other -> comesBefore(source.backend(), other);
        return candidates.stream().filter(waits).toList();
    }

    @Override
    public synchronized void close() {
        candidates.clear();
        List<Source> all = List.copyOf(serving.values());
        serving.clear();
        all.forEach(Source::beginStop);
        all.forEach(Source::awaitStop);
    }
}
