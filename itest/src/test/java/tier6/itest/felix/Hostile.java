package tier6.itest.felix;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import tier6.api.discovery.PeerSink;
import tier6.api.discovery.PeerSource;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;

/** A plug-in that does harm, of the kind that its manifest names. It ends when {@link #END} is set. */
public final class Hostile implements PeerSource, BundleActivator {
    static final String KIND = "Hostile-Kind";
    static final String END = "tier6.itest.hostile.end";

    /** What it does. */
    enum Kind {
        THROWS,
        BLOCKS,
        FLOODS,
        LEAKS
    }

    private Kind kind;
    private String secret;

    @Override
    public void start(BundleContext context) {
        kind = Kind.valueOf(context.getBundle().getHeaders().get(KIND));
        secret = context.getBundle().getHeaders().get("Hostile-Secret");
        context.registerService(PeerSource.class, this, null);
    }

    @Override
    public void stop(BundleContext context) {}

    @Override
    public String name() {
        return "hostile";
    }

    @Override
    public void start(PeerSink sink) {
        switch (kind) {
            case THROWS -> throw new NoClassDefFoundError("what/is/not/there");
            case BLOCKS -> resist();
            case FLOODS -> spawn(() -> flood(sink));
            case LEAKS -> {
                for (int i = 0; i < 20; i++) {
                    spawn(Hostile::resist);
                }
            }
        }
    }

    @Override
    public void stop() {
        if (kind == Kind.THROWS) {
            throw new IllegalStateException("will not stop");
        }
        if (kind == Kind.BLOCKS) {
            resist();
        }
    }

    @Override
    public String status() {
        if (kind == Kind.THROWS) {
            throw new StackOverflowError("\n\n\n");
        }
        return "as good as gold";
    }

    private static void spawn(Runnable task) {
        Thread thread = new Thread(task, "hostile thread");
        thread.setDaemon(true);
        thread.start();
    }

    /** Goes on whatever one says. */
    static void resist() {
        while (!Boolean.getBoolean(END)) {
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                // So what.
            }
        }
    }

    private void flood(PeerSink sink) {
        for (int i = 0; !Boolean.getBoolean(END); i++) {
            PeerId id = new PeerId((long) (i % 4096) << 8, 1 + i % 254);
            var address = new InetSocketAddress("127.6.6." + (1 + i % 250), 1 + i % 60_000);
            sink.announce(Peer.at(id, address, Path.of(secret), 0));
            if (i % 3 == 0) {
                sink.withdraw(id);
            }
        }
    }
}
