package tier6.mesh.internal;

import java.util.concurrent.atomic.AtomicLong;
import tier6.swap.Backend;

/** A backend without a service. */
record TestBackend<S>(String kind, String version, S service, int ranking, long order) implements Backend<S> {
    private static final AtomicLong ORDER = new AtomicLong();

    TestBackend(String kind, S service) {
        this(kind, service, 0);
    }

    TestBackend(String kind, S service, int ranking) {
        this(kind, "1", service, ranking, ORDER.incrementAndGet());
    }

    TestBackend(String kind, String version, S service) {
        this(kind, version, service, 0, ORDER.incrementAndGet());
    }

    @Override
    public String bundle() {
        return "test." + kind;
    }

    @Override
    public long bundleId() {
        return order;
    }

    @Override
    public boolean matches(String filter) {
        return filter.equals("(kind=" + kind + ")");
    }

    @Override
    public S get(boolean lasting) {
        return service;
    }

    @Override
    public void release() {}

    @Override
    public boolean isUpdated() {
        return false;
    }
}
