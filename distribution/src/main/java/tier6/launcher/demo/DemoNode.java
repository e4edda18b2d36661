package tier6.launcher.demo;

import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import tier6.api.event.NodeListener;
import tier6.api.node.Node;
import tier6.api.node.NodeStatus;
import tier6.api.node.PeerStatus;
import tier6.api.transport.LinkStatus;
import tier6.launcher.NodeFramework;

/** One node of the demo, seen through the services of its framework. */
final class DemoNode {
    private final int number;
    private final NodeFramework framework;

    DemoNode(int number, NodeFramework framework) {
        this.number = number;
        this.framework = framework;
    }

    /** 1 and up; also its number in the flock. */
    int number() {
        return number;
    }

    String name() {
        return "node " + number;
    }

    NodeFramework framework() {
        return framework;
    }

    /** The service of that type, or empty while there is none. */
    <T> Optional<T> service(Class<T> type) {
        BundleContext context = framework.context();
        ServiceReference<T> reference = context == null ? null : context.getServiceReference(type);
        return Optional.ofNullable(reference).map(context::getService);
    }

    void listen(NodeListener listener) {
        framework.context().registerService(NodeListener.class, listener, new Hashtable<>());
    }

    Optional<NodeStatus.TapStatus> tap() {
        return service(Node.class).map(Node::status).flatMap(NodeStatus::tap);
    }

    /** What stands in the way of the interface. */
    String problem() {
        return service(Node.class)
                .map(Node::status)
                .map(status -> status.problem().orElse("no problem is known"))
                .orElse("its bundle tier6.mesh is not running");
    }

    /** The link to another node, if there is one. */
    Optional<LinkStatus> link(DemoNode other) {
        List<PeerStatus> peers = service(Node.class).map(Node::peers).orElse(List.of());
        return peers.stream()
                .filter(peer -> peer.id().device() == other.number)
                .findFirst()
                .flatMap(PeerStatus::link);
    }
}
