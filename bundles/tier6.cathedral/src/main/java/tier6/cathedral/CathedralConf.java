package tier6.cathedral;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The options of a cathedral daemon, as the configuration file of the C program has them (specification section 9.9).
 *
 * @param instance its name
 * @param local where clients and cathedrals send to
 * @param natPort second port on the same address, for NAT probes; 0 for none
 * @param announced where clients are told to find it; differs from {@code local} behind a NAT
 * @param secret file of the secret shared with federated cathedrals, or null
 * @param secretDirectory directory of the devices' keys
 * @param settings file of flocks, devices and federations
 * @param p2pSync whether federated cathedrals exchange the addresses of clients
 * @param disguise whether and how it hides what it says
 * @param runAs user to become once the sockets are open, or null
 */
public record CathedralConf(
        String instance,
        InetSocketAddress local,
        int natPort,
        InetSocketAddress announced,
        Path secret,
        Path secretDirectory,
        Path settings,
        boolean p2pSync,
        Disguise disguise,
        String runAs) {
    /** The framework property that names a cathedral's configuration file. */
    public static final String PROPERTY = "tier6.cathedral.conf";

    /** Something in a configuration file is wrong. The message has a line for each mistake: where, what, how to mend it. */
    public static final class Faulty extends Exception {
        private static final long serialVersionUID = 1L;

        Faulty(List<String> problems) {
            super(String.join(System.lineSeparator(), problems));
        }
    }

    /**
     * Checks what must be right in any case.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    public CathedralConf {
        if (announced.getPort() != 0 && Address.ip(announced) == 0) {
            throw new IllegalArgumentException(
                    announced + " cannot be announced: give an IPv4 address that clients can reach");
        }
        if (natPort != 0 && natPort == local.getPort()) {
            throw new IllegalArgumentException("the NAT port must differ from port " + natPort + " of the cathedral");
        }
    }

    /**
     * Reads a configuration file; blocks on the file system. Relative paths in it begin at its directory.
     *
     * @throws Faulty if anything is wrong with it, including that it cannot be read
     */
    public static CathedralConf read(Path file) throws Faulty {
        try {
            return new Parser(file)
                    .parse(Files.readString(file, StandardCharsets.ISO_8859_1)
                            .lines()
                            .toList());
        } catch (IOException e) {
            throw new Faulty(
                    List.of(file + ": cannot be read: " + (Files.exists(file) ? e.getMessage() : "no such file")));
        }
    }

    private static final class Parser {
        private static final List<String> OF_OTHER_MODES = List.of(
                "kek",
                "spi",
                "tap",
                "peer",
                "route",
                "descr",
                "accept",
                "bridge",
                "tunnel",
                "cathedral",
                "cathedral_id",
                "cathedral_cosk",
                "cathedral_flock",
                "cathedral_secret",
                "cathedral_flock_dst",
                "cathedral_remembrance",
                "liturgy_group",
                "liturgy_prefix",
                "liturgy_discoverable");

        /** Largest MTU that the C program takes, and the smallest. */
        private static final int MOST_MTU = 1500;

        private static final int LEAST_MTU = 576;

        private final Path file;
        private final List<String> problems = new ArrayList<>();
        private final Map<String, Integer> seen = new HashMap<>();

        private String instance = "cathedral";
        private InetSocketAddress local;
        private int natPort;
        private InetSocketAddress announced;
        private Path secret;
        private Path secretDirectory;
        private Path settings;
        private boolean p2pSync;
        private boolean shroud = Disguise.NONE.shroud();
        private boolean tfc = Disguise.NONE.tfc();
        private int mtu = Disguise.NONE.mtu();
        private String runAs;

        Parser(Path file) {
            this.file = file;
        }

        CathedralConf parse(List<String> lines) throws Faulty {
            int line = 0;
            for (String text : lines) {
                line++;
                String trimmed = text.strip();
                if (trimmed.isEmpty() || trimmed.startsWith("#")) {
                    continue;
                }
                String[] parts = trimmed.split("\\s+", 2);
                try {
                    String value = parts.length == 2 ? parts[1] : "";
                    if (value.isEmpty()) {
                        throw new IllegalArgumentException(
                                "option '" + parts[0] + "' has no value: write it behind the name");
                    }
                    Integer before = parts[0].equals("run") ? null : seen.put(parts[0], line);
                    if (before != null) {
                        throw new IllegalArgumentException(
                                "option '" + parts[0] + "' is in line " + before + " already: remove one of the two");
                    }
                    option(parts[0], value);
                } catch (IllegalArgumentException e) {
                    problems.add(file + ":" + line + ": " + e.getMessage());
                }
            }
            need(seen.containsKey("mode"), "mode", "mode cathedral");
            need(seen.containsKey("local"), "local", "local 192.0.2.1:4500");
            need(seen.containsKey("secretdir"), "secretdir", "secretdir /etc/cathedral/secrets");
            need(seen.containsKey("settings"), "settings", "settings /etc/cathedral/settings.conf");
            CathedralConf conf = null;
            if (problems.isEmpty()) {
                try {
                    conf = new CathedralConf(
                            instance,
                            local,
                            natPort,
                            announced == null ? local : announced,
                            secret,
                            secretDirectory,
                            settings,
                            p2pSync,
                            new Disguise(shroud, tfc, mtu),
                            runAs);
                } catch (IllegalArgumentException e) {
                    problems.add(file + ": " + e.getMessage());
                }
            }
            if (conf == null) {
                throw new Faulty(problems);
            }
            return conf;
        }

        private void need(boolean there, String option, String example) {
            if (!there) {
                problems.add(file + ": option '" + option + "' is missing: add a line such as '" + example + "'");
            }
        }

        private void option(String name, String value) {
            switch (name) {
                case "mode" ->
                    require(
                            value.equals("cathedral"),
                            "mode '" + value + "' is not for a cathedral: write 'mode cathedral'");
                case "instance" -> instance = value;
                case "local" -> {
                    local = Address.endpoint(value);
                    require(Address.ip(local) != 0, "a cathedral needs an address of this host, not 0.0.0.0");
                }
                case "cathedral_ip" -> {
                    announced = Address.endpoint(value);
                    require(Address.ip(announced) != 0, "clients cannot reach 0.0.0.0: write the address they know");
                }
                case "cathedral_nat_port" -> natPort = Address.port(value);
                case "secret" -> secret = existing(value, false);
                case "secretdir" -> secretDirectory = existing(value, true);
                case "settings" -> settings = existing(value, false);
                case "cathedral_p2p_sync" -> p2pSync = yes(value, "yes", "no");
                case "shroud" -> shroud = yes(value, "yes", "no");
                case "tfc" -> tfc = yes(value, "on", "off");
                case "cathedral_mtu" -> {
                    mtu = value.matches("[0-9]{1,5}") ? Integer.parseInt(value) : 0;
                    require(
                            mtu >= LEAST_MTU && mtu <= MOST_MTU,
                            "'" + value + "' is not an MTU: write a number from " + LEAST_MTU + " to " + MOST_MTU);
                }
                case "run" -> run(value.split("\\s+"));
                // One process here, which needs neither a socket to be asked nor a file to be found.
                case "pidfile", "control" -> {}
                default ->
                    throw new IllegalArgumentException(
                            OF_OTHER_MODES.contains(name)
                                    ? "option '" + name + "' is not for a cathedral: remove this line"
                                    : "there is no option '" + name + "': correct or remove this line");
            }
        }

        private void run(String[] words) {
            require(words.length == 3 && words[1].equals("as"), "write it as 'run cathedral as nobody'");
            if (words[0].equals("cathedral")) {
                runAs = words[2];
            }
        }

        private Path existing(String value, boolean directory) {
            Path path = file.toAbsolutePath().resolveSibling(value);
            require(
                    directory ? Files.isDirectory(path) : Files.isRegularFile(path),
                    path + " is not a " + (directory ? "directory" : "file") + ": correct the path, or make it");
            require(Files.isReadable(path), path + " cannot be read: change its owner or mode");
            return path;
        }

        private static boolean yes(String value, String yes, String no) {
            require(value.equals(yes) || value.equals(no), "'" + value + "' is neither '" + yes + "' nor '" + no + "'");
            return value.equals(yes);
        }

        private static void require(boolean condition, String otherwise) {
            if (!condition) {
                throw new IllegalArgumentException(otherwise);
            }
        }
    }

    /**
     * Reads {@code ip:port}, for configurations that do not come from a file.
     *
     * @throws IllegalArgumentException naming the property and what is wrong
     */
    public static InetSocketAddress address(String property, String text) {
        try {
            return Address.endpoint(text.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("property '" + property + "': " + e.getMessage(), e);
        }
    }

    /** The user to become, if one is named. */
    public Optional<String> user() {
        return Optional.ofNullable(runAs);
    }
}
