package tier6.launcher.demo;

import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import tier6.api.event.NodeEvent;
import tier6.api.event.NodeEvent.CathedralChanged;
import tier6.api.event.NodeEvent.CathedralSilent;
import tier6.api.event.NodeEvent.MacLearned;
import tier6.api.event.NodeEvent.NodeAnnounced;
import tier6.api.event.NodeEvent.PathChanged;
import tier6.api.event.NodeEvent.PeerFound;
import tier6.api.event.NodeEvent.PeerLost;
import tier6.api.event.NodeEvent.TapFailed;
import tier6.api.event.NodeEvent.TapOpened;
import tier6.api.event.NodeEvent.TunnelDown;
import tier6.api.event.NodeEvent.TunnelUp;
import tier6.api.frame.Ethernet;
import tier6.api.peer.PeerId;

/** What happens, as it happens: a line each, with the time since the beginning and who it happened to. Any thread. */
final class Story {
    private final long beginning = System.nanoTime();
    private final PrintStream out;
    private final BooleanSupplier over;

    /** @param over once it is true, nothing is told any more: the end is only cleaning up */
    Story(PrintStream out, BooleanSupplier over) {
        this.out = out;
        this.over = over;
    }

    /** Tells one thing. */
    void tell(String who, String what) {
        double seconds = (System.nanoTime() - beginning) / 1e9;
        print(String.format(Locale.ROOT, "%6.1fs  %-9s  %s", seconds, who, what));
    }

    /** Prints text as it is. */
    synchronized void print(String text) {
        if (!over.getAsBoolean()) {
            out.println(text);
            out.flush();
        }
    }

    /** Tells what happened to a node, if it is worth it. */
    void tell(String who, NodeEvent event) {
        words(event).ifPresent(words -> tell(who, words));
    }

    static Optional<String> words(NodeEvent event) {
        if (event instanceof TapOpened e) {
            return Optional.of("interface " + e.name() + ", " + Ethernet.format(e.mac()) + ", MTU " + e.mtu());
        } else if (event instanceof TapFailed e) {
            return Optional.of("no interface: " + e.reason());
        } else if (event instanceof NodeAnnounced e) {
            return Optional.of("announced to the cathedral at " + text(e.cathedral()));
        } else if (event instanceof CathedralSilent e) {
            return Optional.of("the cathedral at " + text(e.cathedral()) + " is silent");
        } else if (event instanceof CathedralChanged e) {
            return Optional.of("uses the cathedral at " + text(e.to()) + " now");
        } else if (event instanceof PeerFound e) {
            return Optional.of("found " + name(e.peer()));
        } else if (event instanceof PeerLost e) {
            return Optional.of("lost " + name(e.peer()));
        } else if (event instanceof TunnelUp e) {
            return Optional.of("tunnel to " + name(e.peer()) + (e.renewed() ? " has new keys" : " is up"));
        } else if (event instanceof TunnelDown e) {
            return Optional.of("tunnel to " + name(e.peer()) + " is down: " + e.reason());
        } else if (event instanceof PathChanged e) {
            return Optional.of(name(e.peer()) + path(e));
        } else if (event instanceof MacLearned e) {
            return Optional.of("learned " + Ethernet.format(e.mac()) + " on port " + e.port()
                    + (e.from() == null ? "" : ", before on " + e.from()));
        }
        return Optional.empty();
    }

    private static String path(PathChanged e) {
        return switch (e.path()) {
            case NONE -> " cannot be reached";
            case RELAY -> " is reached by relay through " + text(e.remote());
            case DIRECT -> " is reached directly at " + text(e.remote());
        };
    }

    /** In the demo, the number of a device is that of its node. */
    static String name(PeerId peer) {
        return "node " + peer.device();
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
