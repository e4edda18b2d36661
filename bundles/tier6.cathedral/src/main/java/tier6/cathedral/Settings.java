package tier6.cathedral;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tier6.sanctum.kdf.Flocks;

/**
 * The settings file of a cathedral (specification section 9.8), read line by line: what is wrong is told with its line, what
 * is right counts.
 *
 * @param flocks by id without domain
 * @param crossings by both ids
 * @param federations in the order of the file
 * @param problems what is wrong, {@code line N: ...}
 */
record Settings(
        Map<Long, FlockLines> flocks,
        Map<Pair, Line> crossings,
        Set<InetSocketAddress> federations,
        List<String> problems) {

    /** The lines of a flock block: who is allowed with how many Mbit/s; {@code ambry} may be null. */
    record FlockLines(Map<Allowed, Long> allows, Line ambry) {}

    /** Who is allowed to be which number. */
    record Allowed(int csId, int kekId) {}

    /** A path and where it is written. */
    record Line(String path, int line) {}

    /** Two flocks without domain, the smaller first. */
    record Pair(long a, long b) {
        static Pair of(long one, long other) {
            return new Pair(Flocks.min(one, other), Flocks.max(one, other));
        }
    }

    private static final long MOST_MBITS = 0xffff_ffffL;

    static Settings empty() {
        return new Settings(Map.of(), Map.of(), Set.of(), List.of());
    }

    /** Reads the text of a settings file. */
    static Settings parse(List<String> lines) {
        return new Parser().parse(lines);
    }

    /**
     * These settings and, beyond them, whatever was in {@code before}. Used when these are faulty: a slip of the pen must not
     * remove what worked.
     */
    Settings keeping(Settings before) {
        Map<Long, FlockLines> allFlocks = new LinkedHashMap<>(before.flocks);
        flocks.forEach((id, now) -> allFlocks.merge(id, now, (then, n) -> {
            Map<Allowed, Long> allows = new LinkedHashMap<>(then.allows);
            allows.putAll(n.allows);
            return new FlockLines(allows, n.ambry == null ? then.ambry : n.ambry);
        }));
        Map<Pair, Line> allCrossings = new LinkedHashMap<>(before.crossings);
        allCrossings.putAll(crossings);
        Set<InetSocketAddress> allFederations = new LinkedHashSet<>(federations);
        allFederations.addAll(before.federations);
        return new Settings(allFlocks, allCrossings, allFederations, problems);
    }

    private static final class Parser {
        private final Map<Long, FlockLines> flocks = new LinkedHashMap<>();
        private final Map<Pair, Line> crossings = new LinkedHashMap<>();
        private final Set<InetSocketAddress> federations = new LinkedHashSet<>();
        private final List<String> problems = new ArrayList<>();
        private int line;

        /** The open block, or -1. Ids have no domain, so that they are never odd. */
        private long flock = -1;

        private boolean skipping;

        Settings parse(List<String> lines) {
            int opened = 0;
            for (String text : lines) {
                line++;
                String trimmed = text.strip();
                if (trimmed.isEmpty() || trimmed.startsWith("#")) {
                    continue;
                }
                boolean wasOpen = isOpen();
                try {
                    keyword(trimmed);
                } catch (IllegalArgumentException e) {
                    problems.add("line " + line + ": " + e.getMessage());
                }
                opened = isOpen() && !wasOpen ? line : opened;
            }
            if (isOpen()) {
                problems.add("line " + opened + ": this flock is not closed: end it with a line that has only '}'");
            }
            return new Settings(flocks, crossings, federations, List.copyOf(problems));
        }

        private boolean isOpen() {
            return flock != -1 || skipping;
        }

        private void keyword(String text) {
            String[] words = text.split("\\s+");
            switch (words[0]) {
                case "}" -> close(words);
                case "flock" -> open(text);
                case "allow" -> allow(words);
                case "ambry" -> ambry(text);
                case "xflock" -> crossing(words);
                case "federate" -> federate(words);
                default ->
                    throw new IllegalArgumentException("'" + words[0]
                            + "' is not a keyword: there are flock, allow, ambry, xflock, federate and '}'");
            }
        }

        private void close(String[] words) {
            boolean wasOpen = isOpen();
            flock = -1;
            skipping = false;
            require(wasOpen, "there is no flock to close here: remove this line");
            require(words.length == 1, "write nothing after '}'");
        }

        private void open(String text) {
            boolean wasOpen = isOpen();
            skipping = true;
            flock = -1;
            String id = text.substring("flock".length()).strip();
            boolean brace = id.endsWith("{");
            id = brace ? id.substring(0, id.length() - 1).strip() : id;
            long parsed = Flocks.mask(flockId(id));
            flock = parsed;
            skipping = false;
            boolean again = flocks.containsKey(parsed);
            flocks.computeIfAbsent(parsed, f -> new FlockLines(new LinkedHashMap<>(), null));
            require(!wasOpen, "the flock before is not closed: put a line with '}' above this one");
            require(!again, "flock " + id + " is there twice: put all its lines into one block");
            require(brace, "write '{' at the end of this line");
        }

        private void allow(String[] words) {
            if (skipping) {
                return;
            }
            require(flock != -1, "allow belongs into a flock: put it between 'flock ... {' and '}'");
            require(
                    words.length == 5 && words[2].equals("spi"),
                    "write it as 'allow 0a000001 spi 0x01 25': cs-id, kek-id, bandwidth in Mbit/s");
            int csId = (int) hex(words[1], 8, "cs-id", "8 hexadecimal digits such as 0a000001");
            int kekId = (int) hex(words[3], 2, "kek-id", "two hexadecimal digits such as 0x01");
            require(kekId != 0, "kek-id 00 does not exist: kek-ids go from 01 to fe");
            require(
                    words[4].matches("[0-9]{1,10}"),
                    "'" + words[4] + "' is no bandwidth: write Mbit/s, or 0 for no limit");
            long mbits = Long.parseLong(words[4]);
            require(mbits <= MOST_MBITS, "a bandwidth of " + mbits + " Mbit/s is too much: write 0 for no limit");
            flocks.get(flock).allows().put(new Allowed(csId, kekId), mbits);
        }

        private void ambry(String text) {
            if (skipping) {
                return;
            }
            require(flock != -1, "ambry belongs into a flock: put it between 'flock ... {' and '}'");
            String path = text.substring("ambry".length()).strip();
            require(!path.isEmpty(), "write the path of the bundle behind 'ambry'");
            FlockLines before =
                    flocks.put(flock, new FlockLines(flocks.get(flock).allows(), new Line(path, line)));
            require(
                    before.ambry() == null,
                    "this flock has another ambry line above: this one counts, remove one of them");
        }

        private void crossing(String[] words) {
            require(words.length == 4, "write it as 'xflock <flock> <other flock> <path of the bundle>'");
            long one = Flocks.mask(flockId(words[1]));
            long other = Flocks.mask(flockId(words[2]));
            require(one != other, "an xflock joins two different flocks");
            for (long id : new long[] {one, other}) {
                require(
                        flocks.containsKey(id),
                        "flock " + Long.toHexString(id) + " is not known here: put its block above this line");
            }
            crossings.put(Pair.of(one, other), new Line(words[3], line));
        }

        private void federate(String[] words) {
            require(words.length == 3, "write it as 'federate 192.0.2.1 4500'");
            int ip = Address.parse(words[1]);
            require(ip != 0, "0.0.0.0 is not the address of a cathedral");
            federations.add(Address.of(ip, Address.port(words[2])));
        }

        private static long flockId(String text) {
            return hex(text, 16, "flock", "16 hexadecimal digits such as c0ffee1234567800");
        }

        private static long hex(String text, int digits, String what, String how) {
            String bare = text.startsWith("0x") || text.startsWith("0X") ? text.substring(2) : text;
            require(
                    bare.matches("0*[0-9a-fA-F]{1," + digits + "}"),
                    "'" + text + "' is not a " + what + ": write " + how);
            return Long.parseUnsignedLong(bare, 16);
        }

        private static void require(boolean condition, String otherwise) {
            if (!condition) {
                throw new IllegalArgumentException(otherwise);
            }
        }
    }
}
