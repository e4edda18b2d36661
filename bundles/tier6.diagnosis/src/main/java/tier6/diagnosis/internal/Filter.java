package tier6.diagnosis.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import tier6.api.frame.Ethernet;

/**
 * Which frames to record. The words are those of pcap-filter(7), of which this is the part that a switch needs:
 *
 * <pre>
 * expression = term { "or" term }
 * term       = factor { "and" factor }
 * factor     = "not" factor | "(" expression ")" | primitive
 * primitive  = "host" IP | "ether host" MAC | "ether proto" HEX | "vlan" | "broadcast" | "multicast"
 *            | "arp" | "ip" | "ip6" | "icmp" | "icmp6" | "tcp" | "udp" | IP | MAC
 * </pre>
 */
@FunctionalInterface
interface Filter {
    /** Whether a frame is wanted. Any thread. */
    boolean wants(byte[] data, int at, int length);

    /**
     * Reads an expression; an empty one wants everything.
     *
     * @throws IllegalArgumentException with a sentence for people if it cannot be understood
     */
    static Filter parse(String expression) {
        String spaced = expression.replace("(", " ( ").replace(")", " ) ").strip();
        return spaced.isEmpty() ? (data, at, length) -> true : new Parser(List.of(spaced.split("\\s+"))).all();
    }

    /** Reads words from left to right. */
    final class Parser {
        private static final int TCP = 6, UDP = 17, ICMP = 1, ICMP6 = 58;
        private static final int TYPE_AT = 12;

        private final List<String> words;
        private int next;

        private Parser(List<String> words) {
            this.words = words;
        }

        private Filter all() {
            Filter filter = expression();
            if (next < words.size()) {
                throw bad("\"" + words.get(next) + "\" does not belong there; join words with and, or, not");
            }
            return filter;
        }

        private Filter expression() {
            Filter filter = term();
            while (take("or")) {
                Filter left = filter;
                Filter right = term();
                filter = (data, at, length) -> left.wants(data, at, length) || right.wants(data, at, length);
            }
            return filter;
        }

        private Filter term() {
            Filter filter = factor();
            while (take("and")) {
                Filter left = filter;
                Filter right = factor();
                filter = (data, at, length) -> left.wants(data, at, length) && right.wants(data, at, length);
            }
            return filter;
        }

        private Filter factor() {
            if (take("not")) {
                Filter negated = factor();
                return (data, at, length) -> !negated.wants(data, at, length);
            }
            if (take("(")) {
                Filter inner = expression();
                if (!take(")")) {
                    throw bad("a ) is missing");
                }
                return inner;
            }
            return primitive(word());
        }

        private Filter primitive(String word) {
            return switch (word) {
                case "ether" -> ether(word());
                case "host" -> host(word());
                case "vlan" -> (data, at, length) -> Ethernet.etherType(data, at) == Ethernet.VLAN;
                case "broadcast" -> (data, at, length) -> Ethernet.mac(data, at) == Ethernet.BROADCAST;
                case "multicast" -> (data, at, length) -> Ethernet.isGroup(Ethernet.mac(data, at));
                case "arp" -> type(Ethernet.ARP);
                case "ip" -> type(Ethernet.IPV4);
                case "ip6" -> type(Ethernet.IPV6);
                case "icmp" -> protocol(ICMP);
                case "icmp6" -> protocol(ICMP6);
                case "tcp" -> protocol(TCP);
                case "udp" -> protocol(UDP);
                default -> {
                    if (word.matches("[0-9a-f]{2}(:[0-9a-f]{2}){5}")) {
                        yield mac(word);
                    }
                    if (word.matches("[0-9.]+|[0-9a-f:.]*:[0-9a-f:.]*")) {
                        yield host(word);
                    }
                    throw bad("\"" + word + "\" is not understood; there are host IP, ether host MAC, ether proto HEX,"
                            + " vlan, broadcast, multicast, arp, ip, ip6, icmp, icmp6, tcp, udp, and, or, not, ( )");
                }
            };
        }

        private Filter ether(String what) {
            String value = word();
            if (what.equals("host") && value.matches("[0-9a-f]{2}(:[0-9a-f]{2}){5}")) {
                return mac(value);
            }
            if (what.equals("proto") && value.matches("(0x)?[0-9a-f]{1,4}")) {
                return type(Integer.parseInt(value.replaceFirst("0x", ""), 16));
            }
            throw bad("after ether comes host MAC or proto HEX, not \"" + what + " " + value + "\"");
        }

        private static Filter mac(String text) {
            long mac = Ethernet.parse(text);
            return (data, at, length) -> Ethernet.mac(data, at) == mac || Ethernet.mac(data, at + 6) == mac;
        }

        private static Filter type(int type) {
            return (data, at, length) -> typeOf(data, at, length) == type;
        }

        private static Filter protocol(int protocol) {
            return (data, at, length) -> {
                int packet = packet(data, at, length);
                int field = switch (typeOf(data, at, length)) {
                    case Ethernet.IPV4 -> packet + 9;
                    case Ethernet.IPV6 -> packet + 6;
                    default -> -1;
                };
                return field >= 0 && field < at + length && (data[field] & 0xff) == protocol;
            };
        }

        private Filter host(String text) {
            if (!text.matches("[0-9.]+|[0-9a-f:.]*:[0-9a-f:.]*")) {
                throw bad("after host comes an IP address, not \"" + text + "\"");
            }
            byte[] ip;
            try {
                ip = InetAddress.getByName(text).getAddress();
            } catch (UnknownHostException e) {
                throw bad("\"" + text + "\" is not an IP address");
            }
            return (data, at, length) -> {
                int packet = packet(data, at, length);
                return switch (typeOf(data, at, length)) {
                    case Ethernet.IPV4 -> ip.length == 4 && either(ip, data, packet + 12, packet + 16, at + length);
                    case Ethernet.ARP -> ip.length == 4 && either(ip, data, packet + 14, packet + 24, at + length);
                    case Ethernet.IPV6 -> ip.length == 16 && either(ip, data, packet + 8, packet + 24, at + length);
                    default -> false;
                };
            };
        }

        private static boolean either(byte[] ip, byte[] data, int one, int other, int end) {
            return other + ip.length <= end
                    && (Arrays.equals(ip, 0, ip.length, data, one, one + ip.length)
                            || Arrays.equals(ip, 0, ip.length, data, other, other + ip.length));
        }

        /** The EtherType, that within a VLAN tag if there is one. */
        private static int typeOf(byte[] data, int at, int length) {
            int type = Ethernet.etherType(data, at);
            return type == Ethernet.VLAN && length >= Ethernet.HEADER + Ethernet.VLAN_TAG
                    ? Ethernet.etherType(data, at + Ethernet.VLAN_TAG)
                    : type;
        }

        private static int packet(byte[] data, int at, int length) {
            boolean tagged = Ethernet.etherType(data, at) == Ethernet.VLAN;
            return at + TYPE_AT + 2 + (tagged && length > TYPE_AT ? Ethernet.VLAN_TAG : 0);
        }

        private boolean take(String word) {
            if (next < words.size() && words.get(next).equalsIgnoreCase(word)) {
                next++;
                return true;
            }
            return false;
        }

        private String word() {
            if (next == words.size()) {
                throw bad("something is missing at the end");
            }
            return words.get(next++).toLowerCase(Locale.ROOT);
        }

        private IllegalArgumentException bad(String what) {
            return new IllegalArgumentException("filter \"" + String.join(" ", words) + "\": " + what);
        }
    }
}
