package tier6.shell.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;

/** The commands and what there is to say about each beyond its {@link Descriptor}. */
enum Command {
    STATUS("""
            uptime     since the node was configured
            interface  name, address, MTU and driver of the TAP
            peers      how many are known, how many tunnels are up, and how
            cathedral  the one in use, and its last answer
            transport  what makes the tunnels; switch: what joins them
            problem    what stands in the way, if anything does"""),
    PEERS("""
            PEER    flock and device, both in hexadecimal
            STATE   no secret: the ambry has not come yet; connecting: keys are being
                    exchanged; up: frames can cross
            SINCE   how long it has been so
            PATH    relay: through the cathedral; direct: straight to the peer
            REMOTE  where datagrams are sent to, or why there is no link
            KEY     age of the key in use for sending
            HEARD   how long ago the last authentic datagram came"""),
    NAMES("""
            NO         number of the device, in hexadecimal
            DEVICE     its name; NAME.FLOCK.t6 for the name service of this host
            ADDRESSES  what that answers"""),
    MACS("""
            MAC   the address
            PORT  where frames to it leave the switch
            IDLE  how long ago a frame from it was last seen"""),
    PORTS("""
            KIND     local: this host's interface; tunnel: the link to a peer
            MACS     how many addresses are learned on it
            IN, OUT  into and out of the switch by this port
            DROPPED  for all reasons together; tier6:counters shows each"""),
    SOURCES("""
            SOURCE  its name
            PEERS   how many it announces
            BUNDLE  where it comes from
            STATUS  its own words"""),
    CATHEDRALS("""
            IN USE      the node asks and relays through this one
            HEARD       how long ago its last authentic answer came
            ROUND TRIP  from question to answer, last measured"""),
    COUNTERS("""
            tap.*        the interface
            transport.*  the transport as a whole
            link.PEER.*  one tunnel
            switch.*     the switch as a whole
            port.NAME.*  one port; drop-* and the like name the reason""", "-a", "--all"),
    SWAP("""
            tier6:swap                what serves now, and what could
            tier6:swap ROLE           the same of one role
            tier6:swap ROLE BACKEND   gives the role to that backend while frames flow
            tier6:swap ROLE back      gives it back to the one before

            SERVES        who has the role; all sources serve at once
            SINCE         how long it has been so
            ALTERNATIVES  who else is there, the best first; * is where "back" leads"""),
    HELP("With the name of a command it says more about that one.");

    private static final List<String> HELP_OPTIONS = List.of("-h", "--help");

    private final String details;
    private final List<String> options;

    Command(String details, String... more) {
        this.details = details;
        this.options = List.of(more);
    }

    /**
     * The command called {@code word}, with or without its scope.
     *
     * @throws BadArgument if there is none
     */
    static Command named(String word) {
        return Arrays.stream(values())
                .filter(command -> word.equals(command.word()) || word.equals("tier6:" + command.word()))
                .findFirst()
                .orElseThrow(() -> new BadArgument("no command \"%s\". There are %s"
                        .formatted(
                                word, Arrays.stream(values()).map(Command::word).collect(Collectors.joining(", ")))));
    }

    /** As it is typed. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** One line. */
    String summary() {
        try {
            return Commands.class
                    .getMethod(word(), CommandSession.class, String[].class)
                    .getAnnotation(Descriptor.class)
                    .value();
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("no method for command " + word(), e);
        }
    }

    /** The options that it has. */
    List<String> options() {
        List<String> all = new ArrayList<>(options);
        if (this != HELP) {
            all.add("--json");
        }
        all.addAll(HELP_OPTIONS);
        return List.copyOf(all);
    }

    /** All that there is to say about it. */
    String help() {
        Table table = Table.plain(2);
        if (options.contains("--all")) {
            table.row("  -a, --all", "also what is zero");
        }
        if (this != HELP) {
            table.row("  --json", "the same and more as JSON; durations are in seconds");
        }
        table.row("  -h, --help", "this text");
        return "tier6:%s %s\n\n%s\n\n%s\n\n%s"
                .formatted(
                        word(),
                        this == HELP ? "[COMMAND]" : this == SWAP ? "[OPTIONS] [ROLE [BACKEND]]" : "[OPTIONS]",
                        String.join("\n", Table.wrap(summary(), Table.WIDTH)),
                        table.render(Table.WIDTH),
                        details);
    }
}
