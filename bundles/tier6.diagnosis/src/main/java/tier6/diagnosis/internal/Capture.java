package tier6.diagnosis.internal;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import tier6.api.frame.Ethernet;
import tier6.api.vswitch.PortStatus;
import tier6.api.vswitch.VirtualSwitch;

/** {@code tier6 capture}. */
@Component(
        service = Capture.class,
        property = {"osgi.command.scope=tier6", "osgi.command.function=capture"})
public final class Capture {
    static final String SYNTAX = "[--port PORT] [--filter EXPRESSION] [-c COUNT] [-s BYTES] [--pcapng]";

    private static final String HELP = """
            records the frames that cross the ports of the switch, until stopped

              --port PORT          of one port only, as tier6:ports shows it
              --filter EXPRESSION  only frames that it wants, for instance
                                   "arp or host 10.6.0.2 and not icmp";
                                   host IP, ether host MAC, ether proto HEX, vlan,
                                   broadcast, multicast, arp, ip, ip6, icmp, icmp6,
                                   tcp, udp, with and, or, not, ( )
              -c COUNT             stop after so many frames
              -s BYTES             keep no more of a frame, 65535 unless told
              --pcapng             not lines, but the format of Wireshark; from outside
                                   it is -w FILE, or -w - for standard output:
                                   tier6 capture -w - | wireshark -k -i -

            A frame that crosses two ports is there twice, in and out. Frames that come
            faster than they can be written are lost and counted; none ever waits.""";

    /** Bytes of frames that wait to be written. */
    private static final long ROOM = 4 << 20;

    private static final long TURN_MILLIS = 50;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS");

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile VirtualSwitch vswitch;

    /** Records until there are enough, or the thread is interrupted, or nobody reads any more. */
    @Descriptor("records frames, for people or for Wireshark")
    public void capture(CommandSession session, String... arguments) throws IOException {
        Line line = Line.read("capture", SYNTAX, arguments);
        PrintStream out = session.getConsole();
        if (line.help()) {
            out.println(Line.help("capture", SYNTAX, HELP));
            return;
        }
        Recorder recorder = new Recorder(
                port(line.text("--port", "")),
                Filter.parse(line.text("--filter", "")),
                (int) line.number("-s", Ethernet.HEADER, 65535, 65535),
                ROOM);
        long count = (long) line.number("-c", 1, 999_999_999, Long.MAX_VALUE);
        Sink sink = line.has("--pcapng") ? pcapng(out, line.text("--port", "")) : frame -> out.println(describe(frame));
        long written = 0;
        VirtualSwitch watched = null;
        Runnable end = () -> {};
        try {
            while (written < count && !out.checkError()) {
                VirtualSwitch now = vswitch;
                if (now != watched) {
                    // The switch was replaced, or there is one now.
                    end.run();
                    end = now == null ? () -> {} : now.mirror(recorder);
                    watched = now;
                }
                Recorder.Frame frame = recorder.take();
                if (frame != null) {
                    sink.write(frame);
                    written++;
                } else {
                    out.flush();
                    Thread.sleep(TURN_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            // Whoever asked has had enough.
        } finally {
            end.run();
        }
        for (Recorder.Frame frame = recorder.take(); frame != null && written < count; frame = recorder.take()) {
            sink.write(frame);
            written++;
        }
        sink.end(recorder.lost());
        out.flush();
        System.err.println(written + " frames, " + recorder.lost() + " lost because they came too fast");
    }

    private String port(String name) {
        VirtualSwitch now = vswitch;
        if (!name.isEmpty()
                && now != null
                && now.ports().stream().noneMatch(port -> port.name().equals(name))) {
            throw new IllegalArgumentException("no port \"" + name + "\". There are "
                    + now.ports().stream().map(PortStatus::name).toList());
        }
        return name;
    }

    /** Where frames go. */
    private interface Sink {
        void write(Recorder.Frame frame) throws IOException;

        default void end(long lost) throws IOException {}
    }

    private Sink pcapng(PrintStream out, String port) throws IOException {
        Pcapng file = new Pcapng(out, 65535);
        VirtualSwitch now = vswitch;
        // Programs do not like files that describe no interface at all.
        for (PortStatus known : now == null ? List.<PortStatus>of() : now.ports()) {
            if (port.isEmpty() || port.equals(known.name())) {
                file.number(known.name());
            }
        }
        return new Sink() {
            @Override
            public void write(Recorder.Frame frame) throws IOException {
                file.write(frame);
            }

            @Override
            public void end(long lost) throws IOException {
                Instant now = Instant.now();
                file.end(now.getEpochSecond() * 1_000_000_000L + now.getNano(), lost);
            }
        };
    }

    private static String describe(Recorder.Frame frame) {
        LocalTime time = LocalTime.ofInstant(
                Instant.ofEpochSecond(frame.nanos() / 1_000_000_000L, frame.nanos() % 1_000_000_000L),
                ZoneId.systemDefault());
        byte[] bytes = frame.bytes();
        return "%s %-8s %-3s %s > %s %s %d bytes"
                .formatted(
                        TIME.format(time),
                        frame.port(),
                        frame.direction().name().toLowerCase(Locale.ROOT),
                        Ethernet.format(Ethernet.mac(bytes, 6)),
                        Ethernet.format(Ethernet.mac(bytes, 0)),
                        type(Ethernet.etherType(bytes, 0)),
                        frame.length());
    }

    private static String type(int type) {
        return switch (type) {
            case Ethernet.ARP -> "ARP";
            case Ethernet.IPV4 -> "IPv4";
            case Ethernet.IPV6 -> "IPv6";
            case Ethernet.VLAN -> "VLAN";
            default -> "%04x".formatted(type);
        };
    }
}
