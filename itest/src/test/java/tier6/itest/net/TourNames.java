package tier6.itest.net;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What stands in the tour for what is random: the same at each recording, in the order in which it shows up, and consistent: a
 * hardware address and the IPv6 address that has it inside stay those of one device. What is typed is translated back.
 */
final class TourNames {
    /** Written as they are: the document chose them. */
    private static final List<String> CHOSEN = List.of("c0ffee1234567800", "0a000001");

    private static final Pattern TOKEN = Pattern.compile(String.join(
            "|",
            "(?<invitation>T6-[A-Z2-7]{30,})",
            "(?<port>(?<=10\\.66\\.0\\.\\d:|0\\.0\\.0\\.0:)\\d{5})",
            "(?<mac>\\b0[6a]:[0-9a-f]{2}:[0-9a-f]{2}(:[0-9a-f]{2}){3}\\b)",
            "(?<ipv6>\\bfd[0-9a-f]{2}:[0-9a-f]{1,4}:[0-9a-f]{1,4}:0:[0-9a-f]{1,4}:[0-9a-f]{1,4}:[0-9a-f]{1,4}:[0-9a-f]{1,4}\\b)",
            "(?<ipv4>\\b100\\.(6[4-9]|[7-9]\\d|1[01]\\d|12[0-7])\\.\\d+(?=\\.\\d))",
            // Not the last column of a table, which counts.
            "(?<hex>(?!(?<= {4})\\d{8}(?m:$))(?<![\\w.])([0-9a-f]{32}|[0-9a-f]{16}|[0-9a-f]{8})(?![\\w.]))"));

    private static final Pattern TYPED = Pattern.compile(
            "T6-[A-Z2-7]+…|\\b[0-9a-f]{2}(:[0-9a-f]{2}){5}\\b|\\b100\\.\\d+\\.\\d+(?=\\.\\d)|\\b[0-9a-f]{8,32}\\b");

    private final Map<String, String> shown = new HashMap<>();
    private final Map<String, String> actual = new HashMap<>();

    /** A command of the document as it must be typed now. */
    String actual(String command) {
        return TYPED.matcher(command).replaceAll(match -> actual.getOrDefault(match.group(), match.group()));
    }

    /** What was said, as the document shows it. */
    String shown(String output) {
        return TOKEN.matcher(output).replaceAll(match -> Matcher.quoteReplacement(show((Matcher) match)));
    }

    private String show(Matcher match) {
        String token = match.group();
        String said;
        if (CHOSEN.contains(token)) {
            return token;
        } else if (match.group("invitation") != null) {
            said = stand("invitation", token, 4, hex -> "T6-A" + base32(hex) + "…");
        } else if (match.group("port") != null) {
            said = stand("port", token, 2, hex -> "" + (32768 + Integer.parseInt(hex, 16) % 28000));
        } else if (match.group("mac") != null) {
            said = token.substring(0, 6) + colons(device(token.substring(6).replace(":", "")));
        } else if (match.group("ipv6") != null) {
            return ipv6(token.split(":"));
        } else if (match.group("ipv4") != null) {
            said = stand("ipv4", token, 2, hex -> "100.%d.%d".formatted(64 + pair(hex, 0) % 64, pair(hex, 2)));
        } else {
            said = token.length() == 8 ? device(token) : stand("hex", token, token.length() / 2, hex -> hex);
            said = token.length() == 16 ? said.substring(0, 14) + "00" : said;
        }
        actual.put(said, token);
        return said;
    }

    /** A cs-id, or another number of its length, by itself or inside an address. */
    private String device(String csId) {
        return stand("device", csId, 4, hex -> hex);
    }

    /** A unique local address with a modified EUI-64. */
    private String ipv6(String[] groups) {
        int[] words = new int[groups.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = Integer.parseInt(groups[i], 16);
        }
        String csId = "%02x%02x%04x".formatted(words[5] >> 8, words[6] & 0xff, words[7]);
        String prefix = stand(
                "prefix",
                String.join(":", List.of(groups).subList(0, 3)),
                5,
                hex -> "fd%s:%x:%x"
                        .formatted(
                                hex.substring(0, 2),
                                Integer.parseInt(hex.substring(2, 6), 16),
                                Integer.parseInt(hex.substring(6), 16)));
        String device = device(csId);
        return "%s:0:%x:%xff:fe%s:%x"
                .formatted(
                        prefix,
                        words[4],
                        pair(device, 0),
                        device.substring(2, 4),
                        Integer.parseInt(device.substring(4), 16));
    }

    private String stand(String kind, String token, int bytes, java.util.function.UnaryOperator<String> form) {
        return shown.computeIfAbsent(kind + " " + token, key -> {
            long number = shown.keySet().stream()
                    .filter(k -> k.startsWith(kind + " "))
                    .count();
            return form.apply(hash(kind + number).substring(0, 2 * bytes));
        });
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has it", e);
        }
    }

    private static String base32(String hex) {
        return hex.chars()
                .mapToObj(c -> "" + "ABCDEFGHJKMNPQRS".charAt(Character.digit(c, 16)))
                .collect(Collectors.joining());
    }

    private static int pair(String hex, int at) {
        return Integer.parseInt(hex.substring(at, at + 2), 16);
    }

    private static String colons(String hex) {
        return hex.replaceAll("(..)(?=.)", "$1:");
    }

    /** What is the same at each recording: not how long something took, how many there were, and a QR code's dots. */
    static String shape(List<String> lines) {
        return lines.stream()
                .map(line -> line.matches("[ █▀▄]+") ? "a line of a QR code" : line)
                .map(line -> line.replaceAll("\\(Java [^)]*\\)|Java \\d+", "Java")
                        .replaceAll("\\d{4}-\\d\\d-\\d\\d|\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?", "#")
                        .replaceAll("\\b(\\d+(\\.\\d+)? ?(ns|us|µs|ms|min|s|m|h|d|[kM]?B)\\b)", "#")
                        .replaceAll("\\b(\\d+[hms])+\\b", "#")
                        .replaceAll("(?<![\\w.:/-])\\d+(\\.\\d+)?(?![\\w%:/]|\\.\\d)", "#")
                        .replaceAll("[ .]{2,}", " ")
                        .strip())
                .collect(Collectors.joining("\n"));
    }
}
