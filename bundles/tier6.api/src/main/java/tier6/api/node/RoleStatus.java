package tier6.api.node;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A role in a node at one moment: who has it, and who could.
 *
 * @param role {@code tap}, {@code switch}, {@code transport}, {@code underlay}; {@code discovery} for each source, of
 *     which all serve at once
 * @param serving who has it now, if anybody
 * @param since how long that has been so
 * @param alternatives who else is there, the best first
 * @param former who had it before, if that one is among the alternatives: where {@link Node#BACK} leads
 * @param problem what the last swap failed on, or why nobody serves, if anything
 */
public record RoleStatus(
        String role,
        Optional<Backend> serving,
        Duration since,
        List<Backend> alternatives,
        Optional<Backend> former,
        Optional<String> problem) {

    /** Keeps a copy of the alternatives. */
    public RoleStatus {
        alternatives = List.copyOf(alternatives);
    }

    /**
     * Somebody who can have a role.
     *
     * @param name by which {@link Node#swap} knows it: its kind, such as {@code linux}, followed by {@code @} and the
     *     version of its bundle, or by {@code #} and the bundle's number, where there are several of that kind
     * @param bundle symbolic name and version of the bundle that it comes from
     */
    public record Backend(String name, String bundle) {}
}
