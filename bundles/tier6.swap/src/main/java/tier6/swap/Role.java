package tier6.swap;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import tier6.api.event.Events;
import tier6.api.event.NodeEvent;
import tier6.api.node.Node;
import tier6.api.node.RoleStatus;

/**
 * Decides which of several backends has a role, and gives it to another one make before break.
 *
 * <p>Who was asked for by {@link #swap} has it, while it is there; else the one that the configuration admits, ranks
 * highest and, among those of one bundle, is the newest. A tie changes nothing. A backend whose bundle goes away serves on
 * for a grace period, in which one of the same kind can take over, such as the next version of it; and for as long as it
 * takes if its bundle was updated to something that does not work. One that fails to take over leaves the one before in
 * place; one that fails later gives way to any other that is admitted, and serves again when nobody else can, or when
 * somebody asks for it.
 *
 * <p>One thread at a time; {@link #status} any thread. {@link #add}, {@link #remove}, {@link #configure} and {@link #fails}
 * only take note; {@link #decide} acts.
 *
 * @param <S> what a backend is when it works
 */
public final class Role<S> {
    private static final System.Logger LOG = System.getLogger("tier6.swap");
    private static final long RETRY = Duration.ofSeconds(5).toNanos();
    private static final long FOREVER = Duration.ofDays(1000).toNanos();

    /**
     * How the role is.
     *
     * @param name for people
     * @param lasting whether a backend can serve on when its bundle has gone
     * @param interchangeable whether one of another kind is as good as none is bad
     */
    public record Manner(String name, boolean lasting, boolean interchangeable) {}

    /** Where the backend does its work. */
    @FunctionalInterface
    public interface Seat<S> {
        /**
         * Lets {@code next} work; when this returns, the one before does so no longer. May be the one that works already,
         * which then begins anew.
         *
         * @param next null: nobody
         * @throws IOException with a sentence for people; the one before still works then
         */
        void take(S next) throws IOException;
    }

    /** Who had the role before; another version of it will do as well. */
    private record Former(String kind, long bundleId) {}

    /** What {@link #status} needs, in one piece. */
    private record View(
            Optional<RoleStatus.Backend> serving,
            long since,
            List<RoleStatus.Backend> alternatives,
            Optional<RoleStatus.Backend> former,
            Optional<String> problem) {}

    private final Manner manner;
    private final Seat<S> seat;
    private final Events events;
    private final LongSupplier clock;
    private final List<Backend<S>> candidates = new ArrayList<>();
    private final Set<Backend<S>> failures = new HashSet<>(); // to take over, of late
    private final Map<Backend<S>, String> unfit = new LinkedHashMap<>(); // failed when they served, and how
    private String target = "";
    private Predicate<Backend<S>> wish = candidate -> false;
    private long grace;
    private Backend<S> serving;
    private Former former;
    private boolean stale;
    private long since;
    private long goneAt;
    private long retryAt;
    private String problem;
    private volatile View view;

    /**
     * Makes a role that nobody has.
     *
     * @param events are told of each change
     * @param clock nanoseconds from any origin, as of {@link System#nanoTime}
     */
    public Role(Manner manner, Seat<S> seat, Events events, LongSupplier clock) {
        this.manner = manner;
        this.seat = seat;
        this.events = events;
        this.clock = clock;
        since = clock.getAsLong();
        retryAt = since;
        note();
    }

    /**
     * Takes note of the configuration.
     *
     * @param target filter for who may have the role unless somebody else is asked for; empty: everybody
     * @param grace how long a backend outlives its bundle
     */
    public void configure(String target, Duration grace) {
        this.grace = grace.toNanos();
        if (!target.equals(this.target)) {
            this.target = target;
            wish = backend -> false;
            failures.clear();
            unfit.clear();
        }
    }

    /** Takes note of somebody who can have the role. */
    public void add(Backend<S> candidate) {
        candidates.add(candidate);
        candidates.sort(Comparator.comparingLong(Backend::order));
        failures.clear();
        note();
    }

    /** Takes note that somebody goes away. */
    public void remove(Backend<S> candidate) {
        if (candidates.remove(candidate)) {
            failures.remove(candidate);
            unfit.remove(candidate);
            if (candidate.equals(serving)) {
                goneAt = clock.getAsLong();
                retryAt = goneAt;
            }
            note();
        }
    }

    /** Takes note that whoever has the role has to begin anew, as its settings have changed. */
    public void renew() {
        stale = true;
        retryAt = clock.getAsLong();
        failures.clear();
    }

    /**
     * Takes note that whoever has the role makes mistakes at its work. Unless somebody else can have it, it goes on, as well
     * as it can.
     */
    public void fails(String why) {
        if (serving != null && !unfit.containsKey(serving)) {
            String said = nameOf(serving) + " of " + serving.label() + " fails: " + why;
            LOG.log(Level.WARNING, manner.name() + ": " + said);
            unfit.put(serving, said);
            failures.clear();
            note();
        }
    }

    /** Takes note that whoever had the role has it no longer, by itself. */
    public void lost(String why) {
        fails(why);
        leave();
        long now = clock.getAsLong();
        retryAt = now - since < RETRY ? now + RETRY : now;
        note();
    }

    /** Whether one of that kind could have the role. */
    public boolean has(String kind) {
        return candidates.stream().anyMatch(candidate -> candidate.kind().equals(kind));
    }

    private boolean isGone() {
        return serving != null && !candidates.contains(serving);
    }

    /**
     * Gives the role to whom it belongs now.
     *
     * @return when to call this again at the latest, by the clock
     */
    public long decide() {
        long now = clock.getAsLong();
        boolean again = now - retryAt >= 0;
        if (again && (serving == null || isGone() || unfit.containsKey(serving))) {
            failures.clear();
        }
        if (again && serving == null && best(candidate -> true).isEmpty()) {
            unfit.clear(); // they are all that there is
        }
        if (isGone()) {
            succeed(now);
        } else if (serving == null) {
            fill();
        } else if (stale && again) {
            give(serving);
        } else if (unfit.containsKey(serving)) {
            relieve();
        } else {
            improve();
        }
        note();
        return now + (serving == null || stale || isGone() || unfit.containsKey(serving) ? RETRY : FOREVER);
    }

    /** Somebody takes the place of one that has gone. */
    private void succeed(long now) {
        boolean over = !manner.lasting() || now - goneAt >= grace && !serving.isUpdated();
        String kind = serving.kind();
        for (Optional<Backend<S>> next =
                        best(c -> over || wish.test(c) || c.kind().equals(kind));
                next.isPresent();
                next = best(c -> over || wish.test(c) || c.kind().equals(kind))) {
            if (give(next.get())) {
                return;
            }
        }
        if (over) {
            vacate();
        }
    }

    /** Who is better gets it; if that fails, who is second best and still better. */
    private void improve() {
        boolean done = false;
        while (!done) {
            Optional<Backend<S>> next = best(candidate -> isBetter(candidate, serving));
            done = next.isEmpty() || give(next.get());
        }
    }

    /** Anybody else gets it, the best first. */
    private void relieve() {
        boolean done = false;
        while (!done) {
            Optional<Backend<S>> next = best(candidate -> true);
            done = next.isEmpty() || give(next.get());
        }
    }

    private void fill() {
        boolean done = false;
        for (Optional<Backend<S>> next = best(c -> true); !done && next.isPresent(); next = best(c -> true)) {
            done = give(next.get()) || !manner.interchangeable();
        }
    }

    private void vacate() {
        try {
            seat.take(null);
        } catch (IOException e) {
            problem = e.getMessage();
        }
        leave();
        since = clock.getAsLong();
        events.publish(new NodeEvent.BackendChanged(manner.name(), "none"));
    }

    private void leave() {
        if (serving != null) {
            serving.release();
            former = new Former(serving.kind(), serving.bundleId());
            serving = null;
        }
    }

    /** The best of those that did not just fail, nor when they served. */
    private Optional<Backend<S>> best(Predicate<Backend<S>> those) {
        Backend<S> best = null;
        for (Backend<S> candidate : candidates) {
            boolean eligible = (isAdmitted(candidate) || wish.test(candidate))
                    && !failures.contains(candidate)
                    && !unfit.containsKey(candidate)
                    && those.test(candidate);
            if (eligible && (best == null || isBetter(candidate, best))) {
                best = candidate;
            }
        }
        return Optional.ofNullable(best);
    }

    private boolean isAdmitted(Backend<S> candidate) {
        return target.isEmpty() || candidate.matches(target);
    }

    private boolean isBetter(Backend<S> one, Backend<S> other) {
        if (one.equals(other)) {
            return false;
        }
        if (wish.test(one) != wish.test(other)) {
            return wish.test(one);
        }
        if (isAdmitted(one) != isAdmitted(other)) {
            return isAdmitted(one);
        }
        if (one.ranking() != other.ranking()) {
            return one.ranking() > other.ranking();
        }
        return one.isNewerThan(other);
    }

    private boolean give(Backend<S> next) {
        try {
            install(next);
            return true;
        } catch (IOException e) {
            fail(next, e.getMessage());
            return false;
        }
    }

    private void install(Backend<S> next) throws IOException {
        boolean again = next.equals(serving);
        try {
            S service = next.get(manner.lasting());
            try {
                seat.take(service);
            } catch (IOException | RuntimeException | Error e) {
                next.release();
                throw e;
            }
        } catch (RuntimeException | Error e) { // a mistake of its own, or no memory left for it
            throw new IOException(e.toString(), e);
        }
        stale = false;
        problem = null;
        if (again) {
            next.release(); // it was had already
        } else {
            leave();
            serving = next;
            since = clock.getAsLong();
            events.publish(new NodeEvent.BackendChanged(manner.name(), nameOf(next)));
        }
    }

    private void fail(Backend<S> wanted, String reason) {
        retryAt = clock.getAsLong() + RETRY;
        failures.add(wanted);
        String said = nameOf(wanted) + " of " + wanted.label() + " cannot serve: " + reason;
        if (!said.equals(problem)) {
            problem = said;
            if (serving != null) {
                events.publish(new NodeEvent.SwapFailed(manner.name(), nameOf(wanted), reason, nameOf(serving)));
            }
        }
    }

    /**
     * Gives the role to who is asked for, at once.
     *
     * @param name as of {@link RoleStatus.Backend#name}, or {@link Node#BACK}
     * @throws IllegalArgumentException with a sentence for people if there is no such backend
     * @throws IOException with a sentence for people if it cannot serve; the one before it still does
     */
    public void swap(String name) throws IOException {
        Backend<S> wanted = name.equals(Node.BACK) ? backed() : named(name);
        unfit.remove(wanted);
        if (!wanted.equals(serving)) {
            try {
                install(wanted);
            } catch (IOException e) {
                fail(wanted, e.getMessage());
                note();
                throw new IOException(problem + (serving == null ? "" : "; " + nameOf(serving) + " serves on"), e);
            }
        }
        String kind = wanted.kind();
        long bundle = wanted.bundleId();
        boolean exact = !name.equals(kind);
        wish = candidate -> candidate.kind().equals(kind) && (!exact || candidate.bundleId() == bundle);
        note();
    }

    private Backend<S> backed() {
        return before().orElseThrow(() -> new IllegalArgumentException(
                "nobody else who is still there had the role " + manner.name() + " before; " + choice()));
    }

    private Optional<Backend<S>> before() {
        Former f = former;
        return f == null
                ? Optional.empty()
                : candidates.stream()
                        .filter(candidate ->
                                !candidate.equals(serving) && candidate.kind().equals(f.kind()))
                        .max(Comparator.comparing(candidate -> candidate.bundleId() == f.bundleId()));
    }

    private Backend<S> named(String name) {
        return candidates.stream()
                .filter(candidate -> nameOf(candidate).equals(name))
                .findFirst()
                .or(() -> candidates.stream()
                        .filter(candidate -> candidate.kind().equals(name))
                        .reduce((one, other) -> isBetter(other, one) ? other : one))
                .orElseThrow(() -> new IllegalArgumentException(
                        "nobody called \"" + name + "\" can have the role " + manner.name() + "; " + choice()));
    }

    private String choice() {
        List<String> names = candidates.stream()
                .filter(candidate -> !candidate.equals(serving))
                .map(this::nameOf)
                .toList();
        return names.isEmpty() ? "there is no alternative" : "there are: " + String.join(", ", names);
    }

    /** What can be said about the role now. Any thread. */
    public RoleStatus status() {
        View v = view;
        return new RoleStatus(
                manner.name(),
                v.serving,
                Duration.ofNanos(Math.max(0, clock.getAsLong() - v.since)),
                v.alternatives,
                v.former,
                v.problem);
    }

    private void note() {
        List<RoleStatus.Backend> alternatives = candidates.stream()
                .filter(candidate -> !candidate.equals(serving))
                .sorted((one, other) -> isBetter(one, other) ? -1 : isBetter(other, one) ? 1 : 0)
                .map(this::backend)
                .toList();
        String failing = unfit.values().stream().findFirst().orElse(null);
        String gone = isGone() ? serving.label() + " is gone; it serves on until another can" : null;
        view = new View(
                Optional.ofNullable(serving).map(this::backend),
                since,
                alternatives,
                before().map(this::backend),
                Optional.ofNullable(problem != null ? problem : gone != null ? gone : failing));
    }

    private RoleStatus.Backend backend(Backend<S> candidate) {
        return new RoleStatus.Backend(nameOf(candidate), candidate.label());
    }

    /** The kind alone, unless there are several of it. */
    private String nameOf(Backend<S> candidate) {
        boolean alone = true;
        boolean distinct = true;
        for (Backend<S> other : candidates) {
            if (!other.equals(candidate) && other.kind().equals(candidate.kind())) {
                alone = false;
                distinct &= !Objects.equals(other.version(), candidate.version());
            }
        }
        if (alone) {
            return candidate.kind();
        }
        return candidate.kind() + (distinct ? "@" + candidate.version() : "#" + candidate.bundleId());
    }
}
