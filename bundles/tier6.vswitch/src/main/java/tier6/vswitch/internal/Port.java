package tier6.vswitch.internal;

import java.time.Duration;
import tier6.api.counter.Counters;
import tier6.api.frame.Batch;
import tier6.api.vswitch.Egress;
import tier6.api.vswitch.PortKind;
import tier6.api.vswitch.SwitchPort;

/** A port: who is there, and what was counted. */
final class Port implements SwitchPort {
    final String name;
    final PortKind kind;
    final Egress egress;

    /** Below {@link MacTable#MAX_PORTS}; a number is not given to another port soon. */
    final int number;

    final Counters<Count> counters = new Counters<>(Count.class);

    private final Switch home;
    private volatile boolean closed;
    private volatile long complained;

    Port(Switch home, int number, String name, PortKind kind, Egress egress) {
        this.home = home;
        this.number = number;
        this.name = name;
        this.kind = kind;
        this.egress = egress;
    }

    @Override
    public void input(Batch frames) {
        home.input(this, frames);
    }

    @Override
    public void learn(long mac, Duration idle) {
        home.learn(this, mac, idle);
    }

    @Override
    public void close() {
        home.detach(this);
    }

    /** Says that the port is gone. */
    void revoke() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    /** Whether frames that came in here may leave by {@code other}. */
    boolean mayReach(Port other) {
        return other != this && (kind == PortKind.LOCAL || other.kind == PortKind.LOCAL);
    }

    /** Whether a failure of the egress should be logged: one in {@code interval} nanoseconds. */
    boolean mayComplain(long now, long interval) {
        if (complained != 0 && now - complained < interval) {
            return false;
        }
        complained = now == 0 ? 1 : now;
        return true;
    }
}
