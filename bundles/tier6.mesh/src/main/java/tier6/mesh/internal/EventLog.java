package tier6.mesh.internal;

import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import org.osgi.service.component.annotations.Component;
import tier6.api.event.NodeEvent;
import tier6.api.event.NodeEvent.BackendChanged;
import tier6.api.event.NodeEvent.CathedralChanged;
import tier6.api.event.NodeEvent.CathedralSilent;
import tier6.api.event.NodeEvent.MacLearned;
import tier6.api.event.NodeEvent.NodeAnnounced;
import tier6.api.event.NodeEvent.PathChanged;
import tier6.api.event.NodeEvent.PeerFound;
import tier6.api.event.NodeEvent.PeerLost;
import tier6.api.event.NodeEvent.SwapFailed;
import tier6.api.event.NodeEvent.TapFailed;
import tier6.api.event.NodeEvent.TapOpened;
import tier6.api.event.NodeEvent.TunnelDown;
import tier6.api.event.NodeEvent.TunnelUp;
import tier6.api.event.NodeListener;
import tier6.api.frame.Ethernet;

/** Writes what happens into the log, a line an event. */
@Component
public final class EventLog implements NodeListener {
    private static final System.Logger LOG = System.getLogger("tier6");

    @Override
    public void event(NodeEvent event) {
        if (event instanceof TapOpened e) {
            LOG.log(Level.INFO, "interface " + e.name() + " is open, " + Ethernet.format(e.mac()) + ", MTU " + e.mtu());
        } else if (event instanceof TapFailed e) {
            LOG.log(Level.ERROR, "no interface: " + e.reason());
        } else if (event instanceof NodeAnnounced e) {
            LOG.log(Level.INFO, "cathedral " + text(e.cathedral()) + " answers");
        } else if (event instanceof CathedralSilent e) {
            LOG.log(Level.WARNING, "cathedral " + text(e.cathedral()) + " is silent");
        } else if (event instanceof CathedralChanged e) {
            LOG.log(Level.INFO, "cathedral " + text(e.to()) + " instead of " + text(e.from()));
        } else if (event instanceof PeerFound e) {
            LOG.log(Level.INFO, "peer " + e.peer() + " found by " + e.source());
        } else if (event instanceof PeerLost e) {
            LOG.log(Level.INFO, "peer " + e.peer() + " lost");
        } else if (event instanceof TunnelUp e) {
            LOG.log(e.renewed() ? Level.DEBUG : Level.INFO, "peer " + e.peer() + ": tunnel up");
        } else if (event instanceof TunnelDown e) {
            LOG.log(Level.INFO, "peer " + e.peer() + ": tunnel down, " + e.reason());
        } else if (event instanceof PathChanged e) {
            LOG.log(Level.INFO, "peer " + e.peer() + ": " + path(e));
        } else if (event instanceof MacLearned e) {
            LOG.log(Level.DEBUG, Ethernet.format(e.mac()) + " lives behind " + e.port());
        } else if (event instanceof BackendChanged e) {
            LOG.log(Level.INFO, e.role() + " is now: " + e.now());
        } else if (event instanceof SwapFailed e) {
            LOG.log(
                    Level.WARNING,
                    e.role() + ": " + e.wanted() + " cannot take over, " + e.serving() + " serves on: " + e.reason());
        }
    }

    private static String path(PathChanged e) {
        return switch (e.path()) {
            case NONE -> "no path";
            case RELAY -> "relayed through " + text(e.remote());
            case DIRECT -> "direct to " + text(e.remote());
        };
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress() == null
                ? address.toString()
                : address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
