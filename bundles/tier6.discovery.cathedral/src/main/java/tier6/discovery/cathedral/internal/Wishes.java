package tier6.discovery.cathedral.internal;

import java.util.List;
import tier6.api.peer.PeerId;

/**
 * What a node wants from its cathedral beyond the usual.
 *
 * @param group liturgy group: nodes see those of their own only
 * @param hidden whether it is a spoke, which hidden ones do not see and do not want to see
 * @param shroud whether the cathedral wears a shroud
 * @param tunnels devices that no liturgy names: those of other flocks, and daemons that do not announce themselves
 */
record Wishes(int group, boolean hidden, boolean shroud, List<PeerId> tunnels) {
    /** The group in which nodes look for each other. */
    static final int USUAL_GROUP = 1;

    static final Wishes USUAL = new Wishes(USUAL_GROUP, false, false, List.of());

    Wishes {
        tunnels = List.copyOf(tunnels);
    }
}
