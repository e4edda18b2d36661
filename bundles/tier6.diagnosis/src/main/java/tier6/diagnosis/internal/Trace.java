package tier6.diagnosis.internal;

import java.io.IOException;
import java.util.Locale;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import tier6.api.node.DeviceNames;
import tier6.api.node.Node;
import tier6.api.vswitch.VirtualSwitch;
import tier6.diagnosis.Way;
import tier6.json.Json;

/** {@code tier6 trace}. */
@Component(
        service = Trace.class,
        property = {"osgi.command.scope=tier6", "osgi.command.function=trace"})
public final class Trace {
    static final String SYNTAX = "ADDRESS [-t ETHERTYPE] [--json]";

    private static final String HELP = """
            tells where a frame from this host to an address would go, and why it would
            be dropped

              ADDRESS       hardware or IP address, or name of a device; the kernel is asked
                            which hardware address an IP address has, and may send a question
                            for it
              -t ETHERTYPE  of the frame, four hexadecimal digits; else that of IP
              --json        the same as JSON

            It ends with status 1 if the frame would be dropped.""";

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

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile DeviceNames names;

    @Descriptor("where a frame to an address would go, and why it would be dropped")
    public String trace(CommandSession session, String... arguments) throws IOException, InterruptedException {
        Line line = Line.read("trace", SYNTAX, arguments);
        if (line.help()) {
            return Line.help("trace", SYNTAX, HELP);
        }
        Node here = node;
        VirtualSwitch fabric = vswitch;
        if (here == null || fabric == null) {
            throw new IOException("the node is not running: see tier6 status");
        }
        String type = line.text("-t", "");
        if (!type.matches("([0-9a-fA-F]{1,4})?")) {
            throw new IllegalArgumentException("-t takes up to four hexadecimal digits, not \"" + type + "\"");
        }
        Way way = new Tracer(here, fabric, names)
                .follow(line.text("ADDRESS", ""), type.isEmpty() ? -1 : Integer.parseInt(type, 16));
        session.put("exit.status", way.end() == Way.End.DROP ? 1 : 0);
        return line.has("--json")
                ? Json.write(way)
                : String.join("\n", way.steps()) + "\n=> " + way.end().name().toLowerCase(Locale.ROOT)
                        + way.port().map(port -> " " + port).orElse("");
    }
}
