package tier6.launcher.command;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What was typed after a command: words by the names that its help gives them, options by theirs. */
public final class Arguments {
    private static final Pattern ENDPOINT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3}){3}):(\\d{1,5})");
    private static final int MOST_PORT = 0xffff;

    private final Map<String, String> values;

    Arguments(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /** Whether it was typed. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** The word or the option's value; null if it was left out. */
    public String text(String name) {
        return values.get(name);
    }

    /** A flock id with its domain. */
    public long flock(String name) throws Unusable {
        return hex(name, 16, "a flock id: write up to 16 hexadecimal digits such as c0ffee1234567800");
    }

    /** A cs-id. */
    public int csId(String name) throws Unusable {
        return (int) hex(name, 8, "a cs-id: write up to 8 hexadecimal digits such as 0a000001");
    }

    /** The number of a device in its flock, 1 to {@code most}; hexadecimal, as in all files and programs. */
    public int kekId(String name, int most) throws Unusable {
        String how = "a kek-id: write two hexadecimal digits from 01 to " + Integer.toHexString(most);
        int id = (int) hex(name, 2, how);
        if (id < 1 || id > most) {
            throw not(name, how);
        }
        return id;
    }

    /** A decimal number; {@code fallback} if the option was left out. */
    public long number(String name, long least, long most, long fallback) throws Unusable {
        String text = values.get(name);
        if (text == null) {
            return fallback;
        }
        long number = text.matches("\\d{1,15}") ? Long.parseLong(text) : -1;
        if (number < least || number > most) {
            throw not(name, "a number from " + least + " to " + most);
        }
        return number;
    }

    /** An IPv4 address with a port. Asks no name server. */
    public InetSocketAddress endpoint(String name) throws Unusable {
        Matcher matcher = ENDPOINT.matcher(values.get(name));
        int port = matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
        if (port < 1 || port > MOST_PORT) {
            throw not(name, "an IPv4 address with a port, such as 192.0.2.1:4500");
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(bytes(name, matcher.group(1))), port);
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }

    private byte[] bytes(String name, String ip) throws Unusable {
        byte[] bytes = new byte[4];
        String[] parts = ip.split("\\.");
        for (int i = 0; i < bytes.length; i++) {
            int part = Integer.parseInt(parts[i]);
            if (part > 0xff) {
                throw not(name, "an IPv4 address with a port, such as 192.0.2.1:4500");
            }
            bytes[i] = (byte) part;
        }
        return bytes;
    }

    private long hex(String name, int digits, String how) throws Unusable {
        String text = values.get(name);
        String bare = text.startsWith("0x") || text.startsWith("0X") ? text.substring(2) : text;
        if (!bare.matches("[0-9a-fA-F]{1," + digits + "}")) {
            throw not(name, how);
        }
        return Long.parseUnsignedLong(bare, 16);
    }

    private Unusable not(String name, String how) {
        return new Unusable(name + " '" + values.get(name) + "' is not " + how);
    }
}
