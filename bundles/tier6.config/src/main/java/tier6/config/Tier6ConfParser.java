package tier6.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads one {@code tier6.conf}. It goes on after a problem, so that a person learns of all of them at once; what a problem
 * leaves unknown gets a harmless value that nobody will see.
 */
final class Tier6ConfParser {
    private static final int MOST_BYTES = 1 << 20;
    private static final int SECRET_BYTES = 32;
    private static final int COSK_BYTES = 64;
    private static final int REMEMBRANCE_BYTES = 260;
    private static final int LONGEST_LINUX_NAME = 15;
    private static final int SMALLEST_MTU = 68;
    private static final int LARGEST_MTU = 65_000;

    private static final int LARGEST_GROUP = 0xffff;

    private static final String CREDENTIAL = "credential:";

    private static final String PEER = "peer";
    private static final String TUNNEL = "tunnel";
    private static final String RELIQUARY = "reliquary";
    private static final String ADDRESS = "address";
    private static final String KEEP = "keep";
    private static final String SERVE = "serve";
    private static final String CATHEDRAL = "cathedral";
    private static final String NO_CATHEDRAL = "-";
    private static final String PEERS_FILE = "peers-file";
    private static final String PEERS_DNS = "peers-dns";
    private static final String PEERS_LAN = "peers-lan";
    private static final String HTTP = "http";
    /** All of them; distribution/docs/options.md has the same. */
    static final List<String> OPTIONS = List.of(
            "runas",
            "kek-id",
            "cs-id",
            "flock",
            "tapname",
            CATHEDRAL,
            RELIQUARY,
            "cs-path",
            "cosk-path",
            "kek-path",
            "remembrance",
            "mtu",
            "local",
            "mac-ageing",
            "unknown-unicast",
            "ethertypes",
            "tap",
            "shroud",
            "group",
            "hidden",
            HTTP,
            "http-remote",
            "http-token",
            "http-names",
            TUNNEL,
            PEER,
            PEERS_FILE,
            PEERS_DNS,
            PEERS_LAN,
            ADDRESS,
            KEEP,
            SERVE,
            "names");

    /** What stands instead of a cathedral. */
    private static final List<String> OTHER_SOURCES = List.of(PEER, PEERS_FILE, PEERS_DNS, PEERS_LAN);

    /** The low byte of a port of the local network is the kek-id of the peer. */
    private static final int LAN_PORT = 0x6800;

    private static final int MOST_LAN_PORT = 0xff00;

    private static final Path DEFAULT_RELIQUARY = Path.of(".config", "reliquary");

    private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");
    private static final Pattern IPV6 =
            Pattern.compile("(?=.{2,64}$)[0-9a-fA-F:]*:[0-9a-fA-F:]*:[0-9a-fA-F:.]*(?:%\\w+)?");
    private static final Pattern HOST_NAME =
            Pattern.compile("(?=.{1,254}$)(?!-)[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*\\.?");
    private static final Pattern ENDPOINT = Pattern.compile("(\\[[^]]*]|[^:]*):([^:]*)");

    /** One option as written: the line it stands in and its value, blanks around it removed. */
    private record Entry(String option, String value, int line) {}

    /** Who this node is. */
    private record Ids(int kekId, int csId, long flock) {}

    private final Path file;
    private final Host host;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, Entry> entries = new HashMap<>();
    private final List<Entry> peerEntries = new ArrayList<>();
    private final List<Entry> tunnelEntries = new ArrayList<>();
    private final List<Entry> addressEntries = new ArrayList<>();
    /** Options that are there but wrong: they are not missing too. */
    private final Set<String> attempted = new HashSet<>();

    Tier6ConfParser(Path file, Host host) {
        this.file = file;
        this.host = host;
    }

    Tier6Conf parse() throws ConfigException {
        readLines();
        stopAtProblemsIf(entries.isEmpty() && peerEntries.isEmpty());

        Optional<Path> home = runas();
        Optional<Path> reliquary = reliquary(home);
        boolean without = value(CATHEDRAL).filter(NO_CATHEDRAL::equals).isPresent();
        boolean withCathedral = attempted.contains(RELIQUARY)
                || !without
                        && (attempted.contains(CATHEDRAL)
                                || OTHER_SOURCES.stream().noneMatch(attempted::contains));
        Ids ids = attempted.contains(RELIQUARY) ? ids(reliquary) : ids(withCathedral);
        Tier6Conf conf = new Tier6Conf(
                host.isRoot() ? value("runas").filter(user -> !user.equals("-")).orElse("") : "",
                ids.kekId(),
                ids.csId(),
                ids.flock(),
                tapName(),
                oneOf("tap", "", "linux", "memory"),
                mtu(),
                local(),
                number("mac-ageing", 300, 10, 86_400),
                oneOf("unknown-unicast", "flood", "flood", "drop"),
                ethertypes(),
                yes("shroud"),
                withCathedral ? cathedral(home, reliquary, ids) : withoutCathedral(),
                peers(ids.kekId()),
                new Tier6Conf.Sources(peersFile(), peersDns(), peersLan(withCathedral)),
                http(),
                addresses(),
                keeper(),
                names());
        stopAtProblemsIf(!problems.isEmpty());
        return conf;
    }

    private void stopAtProblemsIf(boolean stop) throws ConfigException {
        if (stop) {
            if (problems.isEmpty()) {
                report(0, "no option in it", "begin with the example, tier6.conf.example");
            }
            problems.sort(Comparator.comparingInt(p -> p.line() == 0 ? Integer.MAX_VALUE : p.line()));
            throw new ConfigException(problems);
        }
    }

    // Lines

    private void readLines() throws ConfigException {
        int number = 0;
        for (String line : text().split("\n", -1)) {
            number++;
            String option = line.strip();
            if (option.isEmpty() || option.startsWith("#")) {
                continue;
            }
            if (option.chars().anyMatch(c -> Character.isISOControl(c) && c != '\t' || c == '\ufffd')) {
                report(number, "bytes that are no text", "is this a key instead? A configuration is text in UTF-8");
                stopAtProblemsIf(true);
            }
            readOption(option, number);
        }
    }

    private String text() throws ConfigException {
        try {
            if (Files.size(file) > MOST_BYTES) {
                report(0, "more than a megabyte", "is this the configuration?");
            } else {
                String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
                return text.startsWith("\ufeff") ? text.substring(1) : text;
            }
        } catch (NoSuchFileException e) {
            report(
                    0,
                    "no such file",
                    "write one after the example, tier6.conf.example, or name another on the command line");
        } catch (AccessDeniedException e) {
            report(0, "not readable by " + System.getProperty("user.name"), "change its mode or run as its owner");
        } catch (IOException e) {
            boolean directory = Files.isDirectory(file);
            report(0, directory ? "is a directory" : "cannot be read: " + e.getMessage(), "name the file itself");
        }
        stopAtProblemsIf(true);
        throw new AssertionError();
    }

    private void readOption(String text, int line) {
        String[] parts = text.split("\\s+", 2);
        String option = parts[0];
        if (!OPTIONS.contains(option)) {
            unknown(option, line);
            return;
        }
        attempted.add(option);
        if (parts.length < 2 && !option.equals(RELIQUARY)) {
            report(line, "'" + option + "' has no value", "write it after the name: " + example(option));
            return;
        }
        Entry entry = new Entry(option, parts.length < 2 ? "" : parts[1], line);
        if (option.equals(PEER)) {
            peerEntries.add(entry);
            return;
        }
        if (option.equals(TUNNEL)) {
            tunnelEntries.add(entry);
            return;
        }
        if (option.equals(ADDRESS)) {
            addressEntries.add(entry);
            return;
        }
        Entry first = entries.putIfAbsent(option, entry);
        if (first != null) {
            report(line, "'" + option + "' again, after line " + first.line(), "keep one of the two");
        }
    }

    private void unknown(String option, int line) {
        String word = option.replaceFirst("[=:].*", "");
        if (OPTIONS.contains(word)) {
            attempted.add(word);
            report(line, "'" + option + "' has a sign after its name", "write a blank there: " + example(word));
            return;
        }
        Optional<String> near = Spelling.nearest(word, OPTIONS);
        near.ifPresent(attempted::add);
        report(
                line,
                "no option is called '" + shown(option) + "'",
                near.map(name -> "did you mean '" + name + "'?").orElse("there are " + String.join(", ", OPTIONS)));
    }

    private static String example(String option) {
        return switch (option) {
            case "runas" -> "runas nobody";
            case "kek-id" -> "kek-id 08";
            case "cs-id" -> "cs-id 0a000001";
            case "flock" -> "flock c0ffee1234567800";
            case "tapname" -> "tapname tier6";
            case CATHEDRAL -> "cathedral 192.0.2.1:4500";
            case RELIQUARY -> "reliquary /var/lib/tier6/reliquary";
            case "remembrance" -> "remembrance /var/lib/tier6/remembrance";
            case "mtu" -> "mtu 1408";
            case "local" -> "local 192.0.2.7";
            case "mac-ageing" -> "mac-ageing 300";
            case "unknown-unicast" -> "unknown-unicast flood";
            case "ethertypes" -> "ethertypes 0800,0806,86dd";
            case "tap" -> "tap linux";
            case "shroud" -> "shroud yes";
            case "group" -> "group 1";
            case "hidden" -> "hidden yes";
            case HTTP -> "http 127.0.0.1:8086";
            case "http-remote" -> "http-remote yes";
            case "http-names" -> "http-names node7.example";
            case TUNNEL -> "tunnel badf00d123456700 02";
            case ADDRESS -> "address 10.6.0.1/24";
            case KEEP -> "keep /var/lib/tier6/home/owner";
            case SERVE -> "serve 0.0.0.0:4500 192.0.2.1";
            case "names" -> "names /var/lib/tier6/home/member";
            case PEERS_FILE -> "peers-file /etc/tier6/peers";
            case PEERS_DNS -> "peers-dns mesh.example.org /etc/tier6/secrets";
            case PEERS_LAN -> "peers-lan /etc/tier6/lan.key";
            case PEER -> "peer 02 192.0.2.2:4500 /etc/tier6/peer-02.key";
            default -> option + " /etc/tier6/" + option.replace("-path", "");
        };
    }

    // Values

    private Optional<String> value(String option) {
        return Optional.ofNullable(entries.get(option)).map(Entry::value);
    }

    private Optional<Entry> required(String option) {
        if (!attempted.contains(option)) {
            report(0, "no '" + option + "'", "add a line such as: " + example(option));
        }
        return Optional.ofNullable(entries.get(option));
    }

    /** The home directory that default paths begin with. */
    private Optional<Path> runas() {
        Optional<Entry> runas = host.isRoot() ? required("runas") : Optional.ofNullable(entries.get("runas"));
        if (runas.isEmpty() || runas.get().value().equals("-")) {
            return Optional.of(Path.of(System.getProperty("user.home")));
        }
        Entry entry = runas.get();
        Optional<Path> home = host.homeOf(entry.value());
        if (home.isEmpty()) {
            report(
                    entry.line(),
                    "there is no user '" + shown(entry.value()) + "'",
                    "name one of this system, such as nobody, or '-' to stay who you are");
        }
        return home;
    }

    private Ids ids(boolean withCathedral) {
        return new Ids(
                kekId(),
                withCathedral ? (int) requiredHex("cs-id", 8) : (int) hex("cs-id", 8),
                withCathedral ? requiredHex("flock", 16) : hex("flock", 16));
    }

    /** From the flock's directory, specification section 15.5. */
    private Ids ids(Optional<Path> reliquary) {
        long flock = requiredHex("flock", 16);
        Optional<Path> directory = reliquary.filter(r -> flock != 0).map(r -> r.resolve(token(flock)));
        int csId = directory
                .map(d -> number(d.resolve("cathedral_id"), 8, "tier6 reliquary flock join"))
                .orElse(0);
        int kekId = directory
                .map(d -> number(d.resolve("device_kek"), 2, "tier6 reliquary kek install"))
                .orElse(0);
        return new Ids(kekId, csId, flock);
    }

    private static String token(long flock) {
        return "%016x".formatted(flock & ~0xffL);
    }

    /** The hexadecimal number that a file consists of. */
    private int number(Path file, int digits, String command) {
        int line = entries.get(RELIQUARY).line();
        String remedy = "run '" + command + "', which makes it";
        try {
            String text = Files.size(file) > 64
                    ? ""
                    : Files.readString(file, StandardCharsets.ISO_8859_1).strip();
            if (text.matches("[0-9a-f]{" + digits + "}")) {
                return Integer.parseUnsignedInt(text, 16);
            }
            report(line, file + " does not hold " + digits + " hexadecimal digits", remedy);
        } catch (NoSuchFileException e) {
            report(line, "there is no file " + file, remedy);
        } catch (IOException e) {
            report(line, "cannot read " + file + ": " + e.getMessage(), remedy);
        }
        return 0;
    }

    private int kekId() {
        return required("kek-id").map(this::device).orElse(0);
    }

    private int device(Entry entry) {
        return device(entry, entry.value());
    }

    private int device(Entry entry, String word) {
        int device = (int) hexOf(entry, word, 2);
        if (device == 0xff) {
            report(entry.line(), "kek-id '" + shown(word) + "' is reserved", "take one from 01 to fe");
        }
        return device;
    }

    private long requiredHex(String option, int digits) {
        required(option);
        return hex(option, digits);
    }

    private long hex(String option, int digits) {
        Entry entry = entries.get(option);
        return entry == null ? 0 : hexOf(entry, entry.value(), digits);
    }

    /** A number of up to so many hexadecimal digits, which is not 0: that means none everywhere in the protocol. */
    private long hexOf(Entry entry, String word, int digits) {
        String bare = word.startsWith("0x") || word.startsWith("0X") ? word.substring(2) : word;
        String what = entry.option().equals(PEER) ? "kek-id '" + shown(word) + "'" : named(entry, word);
        String remedy = "write up to " + digits + " hexadecimal digits"
                + (entry.option().equals(PEER) ? "" : ": " + example(entry.option()));
        if (!bare.matches("[0-9a-fA-F]+")) {
            int column = 0;
            while (column < bare.length() && Character.digit(bare.charAt(column), 16) >= 0) {
                column++;
            }
            String why = bare.isEmpty()
                    ? " has no digits"
                    : " has '" + shown(bare.substring(column, column + 1)) + "' in it";
            report(entry.line(), what + why, bare.contains("#") ? "give the comment a line of its own" : remedy);
            return 0;
        }
        if (bare.length() > digits) {
            report(entry.line(), what + " has " + bare.length() + " digits", remedy);
            return 0;
        }
        long number = Long.parseUnsignedLong(bare, 16);
        if (number == 0) {
            report(entry.line(), what + " is 0, which stands for none", remedy);
        }
        return number;
    }

    private String tapName() {
        Optional<Entry> given = required("tapname");
        if (given.isEmpty()) {
            return "";
        }
        Entry entry = given.get();
        String name = entry.value();
        if (host.isLinux() && (name.length() > LONGEST_LINUX_NAME || name.matches(".*[\\s/:%].*|\\.\\.?"))) {
            String why = name.length() > LONGEST_LINUX_NAME
                    ? " has " + name.length() + " characters"
                    : " is no name for an interface";
            report(
                    entry.line(),
                    named(entry, name) + why,
                    "Linux takes up to " + LONGEST_LINUX_NAME + " characters, no blank, '/', ':' or '%'");
        }
        return name;
    }

    private String mtu() {
        if (value("mtu").filter("auto"::equals).isPresent()) {
            return "auto";
        }
        int mtu = number("mtu", 0, SMALLEST_MTU, LARGEST_MTU);
        return mtu == 0 ? "auto" : Integer.toString(mtu);
    }

    private int number(String option, int otherwise, int least, int most) {
        Entry entry = entries.get(option);
        if (entry == null) {
            return otherwise;
        }
        if (entry.value().matches("\\d{1,9}")) {
            int number = Integer.parseInt(entry.value());
            if (number >= least && number <= most) {
                return number;
            }
        }
        report(
                entry.line(),
                named(entry, entry.value()) + " is not in range",
                "write a number from " + least + " to " + most);
        return otherwise;
    }

    private String oneOf(String option, String otherwise, String... choices) {
        Entry entry = entries.get(option);
        if (entry == null) {
            return otherwise;
        }
        if (!Arrays.asList(choices).contains(entry.value())) {
            report(entry.line(), named(entry, entry.value()) + " is unknown", "write " + String.join(" or ", choices));
        }
        return entry.value();
    }

    private boolean yes(String option) {
        return oneOf(option, "no", "yes", "no").equals("yes");
    }

    /** As the C programs write it: decimal, or hexadecimal after 0x. */
    private int group() {
        Entry entry = entries.get("group");
        if (entry == null) {
            return 1;
        }
        try {
            int group = Integer.decode(entry.value());
            if (group >= 0 && group <= LARGEST_GROUP) {
                return group;
            }
        } catch (NumberFormatException e) {
            // the same remedy as for one out of range
        }
        report(
                entry.line(),
                named(entry, entry.value()) + " is no group",
                "write a number from 0 to 65535, or 0x0 to 0xffff: " + example("group"));
        return 1;
    }

    private String ethertypes() {
        Entry entry = entries.get("ethertypes");
        if (entry == null || entry.value().equals("all") || entry.value().equals("compatible")) {
            return entry == null ? "all" : entry.value();
        }
        List<String> types = new ArrayList<>();
        for (String word : entry.value().split("[,\\s]+")) {
            String type = word.replaceFirst("^0[xX]", "");
            // Lower numbers are lengths (IEEE 802.3), not types.
            if (!type.matches("[0-9a-fA-F]{4}") || Integer.parseInt(type, 16) < 0x600) {
                report(
                        entry.line(),
                        "'" + shown(word) + "' is no EtherType",
                        "write all, compatible, or numbers of four hexadecimal digits from 0600: "
                                + example("ethertypes"));
            }
            types.add(type);
        }
        return String.join(",", types);
    }

    private Optional<InetAddress> local() {
        Entry entry = entries.get("local");
        if (entry == null) {
            return Optional.empty();
        }
        if (!IPV4.matcher(entry.value()).matches()
                && !IPV6.matcher(entry.value()).matches()) {
            boolean port = ENDPOINT.matcher(entry.value()).matches();
            report(
                    entry.line(),
                    named(entry, entry.value()) + (port ? " has a port" : " is no address"),
                    (port ? "each tunnel has one of its own, so write the address alone: " : "write one of this host: ")
                            + example("local"));
            return Optional.empty();
        }
        return address(entry);
    }

    private Optional<InetAddress> address(Entry entry) {
        try {
            return Optional.of(InetAddress.getByName(entry.value()));
        } catch (UnknownHostException e) {
            report(
                    entry.line(),
                    named(entry, entry.value()) + " is no address",
                    "write one of this host: " + example("local"));
            return Optional.empty();
        }
    }

    // Peers and keys

    /** The directory of the Reliquary, if this node takes its cathedrals from one. */
    private Optional<Path> reliquary(Optional<Path> home) {
        Entry entry = entries.get(RELIQUARY);
        if (entry == null) {
            return Optional.empty();
        }
        for (String option : List.of(CATHEDRAL, "kek-id", "cs-id", "cs-path", "cosk-path", "kek-path")) {
            Entry other = entries.get(option);
            if (other != null) {
                report(other.line(), "'" + option + "' beside 'reliquary', which stands for it", "keep one of the two");
            }
        }
        Optional<Path> directory = entry.value().isEmpty()
                ? home.map(h -> h.resolve(DEFAULT_RELIQUARY))
                : Optional.of(path(entry, entry.value()));
        if (directory.isPresent() && !Files.isDirectory(directory.get())) {
            report(
                    entry.line(),
                    "there is no directory " + directory.get(),
                    "make it with 'tier6 reliquary init', or name another: " + example(RELIQUARY));
            return Optional.empty();
        }
        return directory;
    }

    private Optional<Tier6Conf.Cathedral> cathedral(Optional<Path> home, Optional<Path> reliquary, Ids ids) {
        String address = attempted.contains(RELIQUARY)
                ? ""
                : required(CATHEDRAL).map(this::cathedralAddress).orElse("");
        int kekId = ids.kekId();
        int csId = ids.csId();
        long flock = ids.flock();
        // Specification 17.3 names the directory without leading zeroes, but Reliquary makes it with them (15.2).
        long masked = flock & ~0xffL;
        Optional<Path> place = attempted.contains(RELIQUARY) ? reliquary : home.map(h -> h.resolve(DEFAULT_RELIQUARY));
        List<Path> reliquaries = place.filter(p -> flock != 0).stream()
                .flatMap(h -> Stream.of("%x", "%016x").map(format -> h.resolve(format.formatted(masked))))
                .distinct()
                .toList();
        return Optional.of(new Tier6Conf.Cathedral(
                address,
                key("cs-path", reliquaries, "id-%08x".formatted(csId), csId != 0, SECRET_BYTES),
                key("cosk-path", reliquaries, "cosk-%08x".formatted(csId), csId != 0, COSK_BYTES),
                key("kek-path", reliquaries, "kek-0x%02x".formatted(kekId), kekId != 0, SECRET_BYTES),
                remembrance(),
                reliquary,
                group(),
                yes("hidden"),
                tunnels(ids.flock(), kekId)));
    }

    /** Devices that the cathedral connects without announcing them. */
    private List<String> tunnels(long flock, int own) {
        List<String> tunnels = new ArrayList<>();
        for (Entry entry : tunnelEntries) {
            String[] words = entry.value().split("\\s+");
            if (words.length > 2) {
                report(
                        entry.line(),
                        "'tunnel' has " + words.length + " words after it",
                        "write KEK-ID, or FLOCK KEK-ID for another flock: " + example(TUNNEL));
                continue;
            }
            long other = words.length == 1 ? flock : hexOf(entry, words[0], 16);
            int device = device(entry, words[words.length - 1]);
            if (device != 0 && device == own && other == flock) {
                report(
                        entry.line(),
                        named(entry, entry.value()) + " is this node itself",
                        "take that of the other node");
            } else if (other != 0 && flock != 0 && (other & 0xff) != (flock & 0xff)) {
                report(
                        entry.line(),
                        named(entry, words[0]) + " has another domain than this node's flock",
                        "its last two digits must be the same");
            }
            tunnels.add("%016x %02x".formatted(other, device));
        }
        return tunnels;
    }

    private Optional<Tier6Conf.Cathedral> withoutCathedral() {
        for (String option : List.of("cs-path", "cosk-path", "kek-path", "remembrance", "group", "hidden", TUNNEL)) {
            Entry entry =
                    option.equals(TUNNEL) ? tunnelEntries.stream().findFirst().orElse(null) : entries.get(option);
            if (entry != null) {
                report(
                        entry.line(),
                        "'" + option + "' without 'cathedral'",
                        "add a line such as: " + example(CATHEDRAL));
            }
        }
        return Optional.empty();
    }

    private String cathedralAddress(Entry entry) {
        Matcher matcher = ENDPOINT.matcher(entry.value());
        String remedy = "write ADDRESS:PORT: " + example(CATHEDRAL);
        if (!matcher.matches()) {
            boolean six = IPV6.matcher(entry.value()).matches();
            report(
                    entry.line(),
                    named(entry, entry.value()) + (six ? " is an IPv6 address" : " has no port"),
                    (six ? "the protocol of cathedrals knows IPv4 only; " : "") + remedy);
            return "";
        }
        String host = matcher.group(1);
        boolean name = HOST_NAME.matcher(host).matches() && !host.matches("[\\d.]+");
        if (!name && !IPV4.matcher(host).matches()) {
            String why = host.startsWith("[") ? "the protocol of cathedrals knows IPv4 only; " : "";
            report(entry.line(), "'" + shown(host) + "' is no IPv4 address and no name", why + remedy);
        }
        port(entry, matcher.group(2));
        return entry.value();
    }

    private int port(Entry entry, String word) {
        int port = word.matches("\\d{1,5}") ? Integer.parseInt(word) : 0;
        if (port < 1 || port > 65_535) {
            report(entry.line(), "'" + shown(word) + "' is no port", "write a number from 1 to 65535");
        }
        return port;
    }

    /** A key of ours: the file of its option, or its name in the first of these directories that has it. */
    private Path key(String option, List<Path> directories, String name, boolean known, int size) {
        Entry entry = entries.get(option);
        if (entry != null) {
            return keyFile(entry, entry.value(), size);
        }
        if (attempted.contains(option) || !known || directories.isEmpty()) {
            return Path.of("");
        }
        List<Path> candidates =
                directories.stream().map(directory -> directory.resolve(name)).toList();
        for (Path candidate : candidates) {
            if (Files.exists(candidate)) {
                return keyFile(new Entry(option, candidate.toString(), 0), candidate.toString(), size);
            }
        }
        report(
                0,
                "no '" + option + "', and no key at its default place "
                        + String.join(
                                " or ", candidates.stream().map(Path::toString).toList()),
                "add a line such as: " + option + " /etc/tier6/" + name);
        return candidates.get(0);
    }

    private Path keyFile(Entry entry, String word, int size) {
        Path path = path(entry, word);
        String remedy =
                "the key is " + size + " raw bytes in a file that " + System.getProperty("user.name") + " can read";
        try {
            if (Files.isSymbolicLink(path)) {
                report(entry.line(), path + " is a symbolic link", "name the file itself, " + path.toRealPath());
            } else if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                report(entry.line(), "there is no file " + path, "correct the path; " + remedy);
            } else if (!Files.isRegularFile(path)) {
                report(entry.line(), path + " is no regular file", remedy);
            } else if (!Files.isReadable(path)) {
                report(entry.line(), path + " is not readable", remedy);
            } else if (Files.size(path) != size) {
                report(
                        entry.line(),
                        path + " has " + Files.size(path) + " bytes",
                        "is it another key? " + Character.toUpperCase(remedy.charAt(0)) + remedy.substring(1));
            }
        } catch (IOException e) {
            report(entry.line(), "cannot look at " + path + ": " + e.getMessage(), remedy);
        }
        return path;
    }

    private Path path(Entry entry, String word) {
        if (word.startsWith(CREDENTIAL)) {
            return credential(entry, word.substring(CREDENTIAL.length()));
        }
        try {
            return Path.of(word).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            report(entry.line(), "'" + shown(word) + "' is no path", "name a file");
            return Path.of("");
        }
    }

    /** A secret that systemd hands to a service (systemd.exec(5), LoadCredential=). */
    private Path credential(Entry entry, String name) {
        Optional<Path> directory = host.credentials();
        if (directory.isEmpty()) {
            report(
                    entry.line(),
                    "'" + shown(CREDENTIAL + name) + "' is a credential, and systemd gives this process none",
                    "start it as a service with LoadCredential=" + shown(name) + ":PATH, or name a file");
            return Path.of("");
        }
        if (!name.matches("[A-Za-z0-9._-]+") || name.startsWith(".")) {
            report(entry.line(), "'" + shown(name) + "' is no name of a credential", "write letters, digits, . _ -");
            return Path.of("");
        }
        return directory.get().resolve(name);
    }

    private Optional<Path> remembrance() {
        Entry entry = entries.get("remembrance");
        if (entry == null) {
            return Optional.empty();
        }
        Path path = path(entry, entry.value());
        Path parent = path.getParent();
        try {
            if (parent == null || !Files.isDirectory(parent)) {
                report(entry.line(), "there is no directory " + parent, "make it, writable for the user of 'runas'");
            } else if (Files.exists(path) && !Files.isRegularFile(path)) {
                report(entry.line(), path + " is no regular file", "name a file, or one that does not exist yet");
            } else if (Files.exists(path) && Files.size(path) != REMEMBRANCE_BYTES) {
                report(
                        entry.line(),
                        path + " has " + Files.size(path) + " bytes, but a remembrance has " + REMEMBRANCE_BYTES,
                        "delete it, or name another: it is written anew");
            }
        } catch (IOException e) {
            report(entry.line(), "cannot look at " + path + ": " + e.getMessage(), "name another file");
        }
        return Optional.of(path);
    }

    private List<Tier6Conf.StaticPeer> peers(int own) {
        List<Tier6Conf.StaticPeer> peers = new ArrayList<>();
        Map<Integer, Entry> seen = new HashMap<>();
        for (Entry entry : peerEntries) {
            String[] words = entry.value().split("\\s+");
            if (words.length < 3 || words.length > 4) {
                report(
                        entry.line(),
                        "'peer' has " + words.length + (words.length == 1 ? " word" : " words") + " after it",
                        "write KEK-ID ADDRESS:PORT SECRET-PATH [LOCAL-PORT]: " + example(PEER));
                continue;
            }
            int device = device(entry, words[0]);
            Entry first = seen.putIfAbsent(device, entry);
            if (device != 0 && device == own) {
                report(entry.line(), "kek-id '" + words[0] + "' is this node's own", "take that of the other node");
            } else if (device != 0 && first != null) {
                report(
                        entry.line(),
                        "kek-id '" + words[0] + "' again, after line " + first.line(),
                        "keep one of the two");
            }
            peerAddress(entry, words[1]);
            peers.add(new Tier6Conf.StaticPeer(
                    device,
                    words[1],
                    keyFile(entry, words[2], SECRET_BYTES),
                    words.length == 4 ? port(entry, words[3]) : 0));
        }
        return peers;
    }

    private List<String> addresses() {
        for (Entry entry : addressEntries) {
            String[] words = entry.value().split("/", 2);
            boolean four = IPV4.matcher(words[0]).matches();
            boolean address = four || IPV6.matcher(words[0]).matches();
            String prefix = words.length > 1 ? words[1] : "";
            if (!address || !prefix.matches("\\d{1,3}") || Integer.parseInt(prefix) > (four ? 32 : 128)) {
                report(
                        entry.line(),
                        named(entry, entry.value()) + " is no address with the length of its prefix",
                        "write it so: " + example(ADDRESS));
            }
        }
        return addressEntries.stream().map(Entry::value).toList();
    }

    /** Where this node keeps its flock, if it does. */
    private Optional<Tier6Conf.Keeper> keeper() {
        Entry keep = entries.get(KEEP);
        Entry serve = entries.get(SERVE);
        if (keep == null || serve == null) {
            if (keep != null || serve != null) {
                Entry one = keep == null ? serve : keep;
                String other = keep == null ? KEEP : SERVE;
                report(
                        one.line(),
                        "'" + one.option() + "' without '" + other + "'",
                        "add a line such as: " + example(other));
            }
            return Optional.empty();
        }
        Path directory = path(keep, keep.value());
        if (!Files.isDirectory(directory)) {
            report(keep.line(), "there is no directory " + directory, "'tier6 up' makes it");
        }
        String[] words = serve.value().split("\\s+");
        boolean own = words.length == 1 || !words[1].equals(NO_CATHEDRAL);
        Matcher local = ENDPOINT.matcher(words[0]);
        String announced = words.length > 1 ? words[1] : local.matches() ? local.group(1) : "";
        if (words.length > 2
                || !local.matches()
                || !IPV4.matcher(local.group(1)).matches()) {
            report(
                    serve.line(),
                    named(serve, serve.value()) + " is no IPv4 address with a port",
                    "write it so: " + example(SERVE));
            return Optional.empty();
        }
        int port = port(serve, local.group(2));
        if (!own) {
            return Optional.of(new Tier6Conf.Keeper(directory, words[0], Optional.empty()));
        }
        if (!IPV4.matcher(announced).matches() || announced.equals("0.0.0.0")) {
            report(
                    serve.line(),
                    "others cannot reach '" + shown(announced) + "'",
                    "name the IPv4 address that they know behind it: " + example(SERVE));
        }
        if (port == 65_535) {
            report(serve.line(), "port 65535 has no next one, which is needed, too", "take another: " + example(SERVE));
        }
        Tier6Conf.OwnCathedral cathedral = new Tier6Conf.OwnCathedral(port + 1, announced + ":" + port);
        return Optional.of(new Tier6Conf.Keeper(directory, words[0], Optional.of(cathedral)));
    }

    private Optional<Path> names() {
        return Optional.ofNullable(entries.get("names")).map(entry -> {
            Path path = path(entry, entry.value());
            if (!Files.isReadable(path)) {
                report(entry.line(), "cannot read " + path, "'tier6 up' and 'tier6 join' make it");
            }
            return path;
        });
    }

    // Other sources of peers

    /** It may come later, but not its directory. */
    private Optional<Path> peersFile() {
        Entry entry = entries.get(PEERS_FILE);
        if (entry == null) {
            return Optional.empty();
        }
        Path path = path(entry, entry.value());
        if (Files.isDirectory(path) || path.getParent() == null || !Files.isDirectory(path.getParent())) {
            report(
                    entry.line(),
                    Files.isDirectory(path) ? path + " is a directory" : "there is no directory " + path.getParent(),
                    "name a file whose lines are as those of 'peer': " + example(PEERS_FILE));
        }
        return Optional.of(path);
    }

    private Optional<Tier6Conf.Dns> peersDns() {
        Entry entry = entries.get(PEERS_DNS);
        if (entry == null) {
            return Optional.empty();
        }
        String[] words = entry.value().split("\\s+", 2);
        if (words.length < 2 || !HOST_NAME.matcher(words[0]).matches()) {
            report(
                    entry.line(),
                    words.length < 2
                            ? "'" + PEERS_DNS + "' has 1 word after it"
                            : "'" + shown(words[0]) + "' is no domain",
                    "write DOMAIN SECRET-DIRECTORY: " + example(PEERS_DNS));
            return Optional.empty();
        }
        Path secrets = path(entry, words[1]);
        if (!Files.isDirectory(secrets)) {
            report(
                    entry.line(),
                    "there is no directory " + secrets,
                    "make it, with a file of 32 random bytes for each peer, named by its kek-id");
        }
        return Optional.of(new Tier6Conf.Dns(words[0], secrets));
    }

    private Optional<Tier6Conf.Lan> peersLan(boolean withCathedral) {
        Entry entry = entries.get(PEERS_LAN);
        if (entry == null) {
            return Optional.empty();
        }
        if (withCathedral && (attempted.contains(CATHEDRAL) || attempted.contains(RELIQUARY))) {
            report(
                    entry.line(),
                    "'" + PEERS_LAN + "' beside a cathedral",
                    "keep one of the two: a peer that both know would be keyed in two ways");
        }
        String[] words = entry.value().split("\\s+");
        if (words.length > 2) {
            report(
                    entry.line(),
                    "'" + PEERS_LAN + "' has " + words.length + " words after it",
                    "write SECRET-PATH [PORT]: " + example(PEERS_LAN));
        }
        int port = words.length == 2 ? port(entry, words[1]) : LAN_PORT;
        if (port > MOST_LAN_PORT) {
            report(
                    entry.line(),
                    "port '" + port + "' leaves no room",
                    "write one up to " + MOST_LAN_PORT + ": tunnels use the 254 after it");
        }
        return Optional.of(new Tier6Conf.Lan(keyFile(entry, words[0], SECRET_BYTES), port));
    }

    private void peerAddress(Entry entry, String word) {
        Matcher matcher = ENDPOINT.matcher(word);
        if (!matcher.matches()) {
            report(entry.line(), "'" + shown(word) + "' has no port", "write ADDRESS:PORT: " + example(PEER));
            return;
        }
        String address = matcher.group(1);
        boolean six = address.startsWith("[") && address.endsWith("]");
        boolean good = six
                ? IPV6.matcher(address.substring(1, address.length() - 1)).matches()
                : address.matches("[\\d.]+")
                        ? IPV4.matcher(address).matches()
                        : HOST_NAME.matcher(address).matches();
        if (!good) {
            report(
                    entry.line(),
                    "'" + shown(address) + "' is no address",
                    "write an IPv4 address, an IPv6 address in brackets, or a name: " + example(PEER));
        }
        port(entry, matcher.group(2));
    }

    private Optional<Tier6Conf.Http> http() {
        Entry entry = entries.get(HTTP);
        if (entry == null) {
            for (String option : List.of("http-remote", "http-token", "http-names")) {
                Entry other = entries.get(option);
                if (other != null && !attempted.contains(HTTP)) {
                    report(other.line(), "'" + option + "' without 'http'", "add a line such as: " + example(HTTP));
                }
            }
            return Optional.empty();
        }
        boolean remote = yes("http-remote");
        Matcher matcher = ENDPOINT.matcher(entry.value());
        String address = matcher.matches() ? matcher.group(1).replaceAll("[\\[\\]]", "") : "";
        if (!IPV4.matcher(address).matches() && !IPV6.matcher(address).matches()) {
            report(
                    entry.line(),
                    named(entry, entry.value()) + " is no address with a port",
                    "write ADDRESS:PORT, an IPv6 address in brackets: " + example(HTTP));
        } else {
            port(entry, matcher.group(2));
            checkReach(entry, address, remote);
        }
        return Optional.of(new Tier6Conf.Http(
                entry.value(),
                remote,
                Optional.ofNullable(entries.get("http-token")).map(token -> path(token, token.value())),
                value("http-names")
                        .map(names -> List.of(names.split("[,\\s]+")))
                        .orElse(List.of())));
    }

    /** What passes there is not encrypted, so it stays on this host unless somebody says that other hosts are meant. */
    private void checkReach(Entry entry, String address, boolean remote) {
        try {
            if (!InetAddress.getByName(address).isLoopbackAddress() && !remote) {
                report(
                        entry.line(),
                        named(entry, entry.value()) + " can be reached by other hosts, without encryption",
                        "take 127.0.0.1 and a tunnel or proxy, or add the line: " + example("http-remote"));
            }
        } catch (UnknownHostException e) {
            report(entry.line(), named(entry, entry.value()) + " is no address", "write " + example(HTTP));
        }
    }

    // Problems

    private static String named(Entry entry, String word) {
        return entry.option() + " '" + shown(word) + "'";
    }

    private static String shown(String word) {
        return word.length() > 40 ? word.substring(0, 40) + "…" : word;
    }

    private void report(int line, String what, String remedy) {
        problems.add(new Problem(file.toString(), line, what, remedy));
    }
}
