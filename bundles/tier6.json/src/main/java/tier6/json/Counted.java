package tier6.json;

import java.util.LinkedHashMap;
import java.util.Map;
import tier6.api.node.Node;
import tier6.api.node.PeerStatus;
import tier6.api.vswitch.VirtualSwitch;

/** Every counter of everything under one name each. */
public final class Counted {
    private Counted() {}

    /**
     * The counters {@code tap.*} and {@code transport.*}, {@code link.PEER.*}, {@code switch.*} and {@code port.NAME.*}.
     *
     * @param node may be null, as may {@code vswitch}: while one is not there, its counters are not either
     */
    public static Map<String, Long> all(Node node, VirtualSwitch vswitch) {
        Map<String, Long> all = new LinkedHashMap<>();
        if (node != null) {
            all.putAll(node.status().counters());
            for (PeerStatus peer : node.peers()) {
                peer.link().ifPresent(link -> add(all, "link." + peer.id(), link.counters()));
            }
        }
        if (vswitch != null) {
            add(all, "switch", vswitch.counters());
            vswitch.ports().forEach(port -> add(all, "port." + port.name(), port.counters()));
        }
        return all;
    }

    private static void add(Map<String, Long> all, String owner, Map<String, Long> counters) {
        counters.forEach((name, value) -> all.put(owner + "." + name, value));
    }
}
