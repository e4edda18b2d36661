package tier6.diagnosis;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a host must have for a node, looked at by whoever asks: run it as the user of the node, or as root.
 *
 * @param javaFeature the feature number of the Java runtime
 * @param system the name of the operating system
 * @param root of the file system with {@code dev}, {@code proc} and {@code sys}
 * @param tap name of the interface; empty if it is not known
 */
public record HostExamination(int javaFeature, String system, Path root, Optional<String> tap) {
    private static final int OLDEST_JAVA = 17;
    private static final int CAP_NET_ADMIN = 12;
    private static final Pattern CAPABILITIES = Pattern.compile("CapEff:\\s*([0-9a-f]+)");

    /** Of this process. */
    public static HostExamination here(Optional<String> tap) {
        return new HostExamination(Runtime.version().feature(), System.getProperty("os.name"), Path.of("/"), tap);
    }

    /** Everything. */
    public List<Finding> findings() {
        List<Finding> all = new ArrayList<>();
        all.add(java());
        if (system.equals("Linux")) {
            all.add(tun());
            all.add(rights());
            tap.ifPresent(name -> all.add(firewall(name)));
            clock(output("timedatectl", "show", "--property=NTPSynchronized", "--value"))
                    .ifPresent(all::add);
        }
        return all;
    }

    /** What keeps a node of this process from having an interface; starts no program. */
    public Optional<Finding> obstacle() {
        return system.equals("Linux")
                ? Stream.of(tun(), rights())
                        .filter(finding -> finding.weight() == Finding.Weight.BAD)
                        .findFirst()
                : Optional.empty();
    }

    Finding java() {
        return javaFeature >= OLDEST_JAVA
                ? Finding.good("java", "Java " + javaFeature)
                : Finding.bad(
                        "java",
                        "Java " + javaFeature,
                        "tier6 is made for Java " + OLDEST_JAVA + " and newer",
                        "install a newer one, or let JAVA_HOME name it");
    }

    Finding tun() {
        Path device = root.resolve("dev/net/tun");
        if (!Files.exists(device)) {
            return Finding.bad(
                    "tun",
                    device + " is not there",
                    "without it no interface can be made",
                    "load the module: modprobe tun; in a container, let it in: --device /dev/net/tun");
        }
        try {
            FileChannel.open(device, StandardOpenOption.READ, StandardOpenOption.WRITE)
                    .close();
            return Finding.good("tun", device + " can be opened");
        } catch (IOException e) {
            return Finding.bad(
                    "tun",
                    device + " cannot be opened: " + e.getMessage(),
                    "without it no interface can be made",
                    "chmod 666 " + device + ", or let the user of the node have it; in a container, DeviceAllow or"
                            + " --device");
        }
    }

    Finding rights() {
        try {
            Matcher effective = CAPABILITIES.matcher(Files.readString(root.resolve("proc/self/status")));
            boolean admin =
                    effective.find() && (Long.parseUnsignedLong(effective.group(1), 16) >>> CAP_NET_ADMIN & 1) == 1;
            if (admin) {
                return Finding.good("rights", "this user may make interfaces");
            }
        } catch (IOException e) {
            // As if it had none.
        }
        if (tap.isPresent() && Files.exists(root.resolve("sys/class/net").resolve(tap.get()))) {
            return Finding.good("rights", "this user may not make interfaces, but " + tap.get() + " is there");
        }
        return Finding.bad(
                "rights",
                "this user may not make interfaces",
                "a node needs CAP_NET_ADMIN to make its own",
                "start it as root, who becomes the user of runas; or with AmbientCapabilities=CAP_NET_ADMIN; or make the"
                        + " interface for it: ip tuntap add " + tap.orElse("tier6") + " mode tap user USER");
    }

    /**
     * Whether the clock is kept by others.
     *
     * @param synchronised what timedatectl says about it; null if it cannot be run
     */
    static Optional<Finding> clock(String synchronised) {
        return !"no".equals(synchronised)
                ? Optional.empty()
                : Optional.of(Finding.note(
                        "clock",
                        "the clock of this host is not synchronised",
                        "cathedrals and peers refuse, most of them in silence, what is more than ten seconds off",
                        "timedatectl set-ntp true, or run chrony"));
    }

    private Finding firewall(String name) {
        return firewall(name, output("nft", "list", "ruleset"), output("iptables", "-S"));
    }

    /**
     * Looks for rules that drop what crosses the interface.
     *
     * @param nft what {@code nft list ruleset} says; null if it cannot be run
     * @param iptables what {@code iptables -S} says; null if it cannot be run
     */
    static Finding firewall(String name, String nft, String iptables) {
        if (nft == null && iptables == null) {
            return Finding.note(
                    "firewall",
                    "the rules of the firewall cannot be read",
                    "they may drop what comes out of " + name,
                    "run tier6 doctor as root, with nft or iptables installed");
        }
        String all = (nft == null ? "" : nft) + "\n" + (iptables == null ? "" : iptables);
        Optional<String> rule = all.lines()
                .map(String::strip)
                .filter(line -> line.contains("\"" + name + "\"") || line.matches(".* -[io] " + name + "( .*)?"))
                .filter(line -> line.matches(".*\\b(drop|reject|DROP|REJECT)\\b.*"))
                .findFirst();
        if (rule.isPresent()) {
            return Finding.bad(
                    "firewall",
                    "a rule drops frames of " + name + ": " + rule.get(),
                    "what peers send arrives here, and goes no further",
                    "delete the rule, or put one before it that accepts: nft insert rule … iifname \"" + name
                            + "\" accept");
        }
        boolean closed = all.lines().anyMatch(line -> line.matches(".*hook input.*policy drop.*|-P INPUT DROP"));
        boolean let = all.lines().anyMatch(line -> line.contains(name) && line.matches(".*\\b(accept|ACCEPT)\\b.*"));
        if (closed && !let) {
            return Finding.note(
                    "firewall",
                    "what comes in is dropped unless a rule accepts it, and none names " + name,
                    "hosts of the flock may not reach services of this one",
                    "accept what you want to offer: nft add rule inet filter input iifname \"" + name + "\" accept");
        }
        return Finding.good("firewall", "no rule drops frames of " + name);
    }

    /** What a program says; null if it cannot be run or fails. */
    private static String output(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            String output;
            try (BufferedReader lines = process.inputReader()) {
                output = lines.lines().collect(Collectors.joining("\n"));
            }
            return process.waitFor() == 0 ? output : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
