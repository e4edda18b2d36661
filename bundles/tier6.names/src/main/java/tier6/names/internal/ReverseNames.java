package tier6.names.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** The names under which addresses are asked about: {@code in-addr.arpa} (RFC 1035) and {@code ip6.arpa} (RFC 3596). */
final class ReverseNames {
    private static final String FOUR = ".in-addr.arpa", SIX = ".ip6.arpa";

    private ReverseNames() {}

    /** The address that a name in small letters stands for. */
    static Optional<InetAddress> address(String name) {
        if (name.endsWith(FOUR)) {
            return address(name.substring(0, name.length() - FOUR.length()), 4, 10);
        }
        if (name.endsWith(SIX)) {
            return address(name.substring(0, name.length() - SIX.length()), 32, 16);
        }
        return Optional.empty();
    }

    private static Optional<InetAddress> address(String labels, int count, int radix) {
        String[] words = labels.split("\\.");
        byte[] bytes = new byte[count == 4 ? 4 : 16];
        if (words.length != count || !labels.matches(radix == 10 ? "[0-9.]{7,15}" : "[0-9a-f.]{63}")) {
            return Optional.empty();
        }
        for (int i = 0; i < count; i++) {
            String word = words[count - 1 - i];
            if (word.isEmpty() || word.length() > (radix == 10 ? 3 : 1)) {
                return Optional.empty();
            }
            int value = Integer.parseInt(word, radix);
            if (radix == 10) {
                bytes[i] = (byte) value;
            } else {
                bytes[i / 2] |= (byte) (i % 2 == 0 ? value << 4 : value);
            }
        }
        try {
            return Optional.of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are an address", e);
        }
    }
}
