package tier6.diagnosis.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import tier6.api.discovery.CathedralDirectory;
import tier6.api.node.Node;
import tier6.api.vswitch.VirtualSwitch;
import tier6.diagnosis.Finding;
import tier6.json.Json;
import tier6.json.Listed;

/** {@code tier6:doctor}, the part that a running node can do. */
@Component(
        service = Doctor.class,
        property = {"osgi.command.scope=tier6", "osgi.command.function=doctor"})
public final class Doctor {
    private static final Path PROCESS = Path.of("/proc/self/status");

    static final String SYNTAX = "[--json]";

    private static final String HELP = """
            looks at all that may be wrong with this node: what, why it matters, what to do

              --json  the same as JSON

            From outside, tier6 doctor looks at the host, too, and with a configuration
            file it does without a node that runs. Status 1 tells that something is wrong.""";

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Node node;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile VirtualSwitch vswitch;

    @Reference(policy = ReferencePolicy.DYNAMIC)
    volatile List<CathedralDirectory> directories = List.of();

    @Descriptor("finds out what is wrong, and says what to do")
    public String doctor(CommandSession session, String... arguments) throws InterruptedException {
        Line line = Line.read("doctor", SYNTAX, arguments);
        if (line.help()) {
            return Line.help("doctor", SYNTAX, HELP);
        }
        List<Finding> findings = examine();
        session.put("exit.status", Finding.anyBad(findings) ? 1 : 0);
        return line.has("--json")
                ? Json.write(findings)
                : findings.stream().map(Finding::text).collect(Collectors.joining("\n"));
    }

    private List<Finding> examine() throws InterruptedException {
        Node here = node;
        VirtualSwitch fabric = vswitch;
        if (here == null || fabric == null) {
            String missing = here == null ? "tier6.mesh" : "tier6.vswitch";
            return List.of(Finding.bad(
                    "node",
                    "bundle " + missing + " is missing, or has no configuration",
                    "without it there is no node",
                    "see tier6 shell lb, and tier6 shell scr:list"));
        }
        return new NodeExamination(here, fabric, Listed.cathedrals(directories), PROCESS).findings();
    }
}
