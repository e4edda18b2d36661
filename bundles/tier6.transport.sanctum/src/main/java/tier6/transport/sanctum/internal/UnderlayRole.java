package tier6.transport.sanctum.internal;

import java.io.IOException;
import java.time.Duration;
import tier6.api.event.Events;
import tier6.api.node.RoleStatus;
import tier6.api.node.Swappable;
import tier6.api.underlay.Underlay;
import tier6.swap.Backend;
import tier6.swap.Role;

/** Says which underlay serves. Any thread. */
final class UnderlayRole implements Swappable {
    private static final Duration GRACE = Duration.ofSeconds(60);

    private final Role<Underlay> role; // guarded by this, but its status
    private volatile long due;

    UnderlayRole(Role.Seat<Underlay> seat, Events events) {
        role = new Role<>(new Role.Manner("underlay", true, true), seat, events, System::nanoTime);
        due = System.nanoTime();
    }

    synchronized void configure(String target) {
        role.configure(target, GRACE);
        due = role.decide();
    }

    synchronized void add(Backend<Underlay> underlay) {
        role.add(underlay);
        due = role.decide();
    }

    synchronized void remove(Backend<Underlay> underlay) {
        role.remove(underlay);
        due = role.decide();
    }

    /** Takes note that the one that serves fails. */
    synchronized void fails(String why) {
        role.fails(why);
        due = role.decide();
    }

    /** Does what is due; to be called about once a second. */
    void review() {
        if (System.nanoTime() - due >= 0) {
            synchronized (this) {
                due = role.decide();
            }
        }
    }

    @Override
    public RoleStatus status() {
        return role.status();
    }

    @Override
    public synchronized void swap(String backend) throws IOException {
        role.swap(backend);
        due = role.decide();
    }
}
