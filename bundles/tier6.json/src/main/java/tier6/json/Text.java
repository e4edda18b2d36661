package tier6.json;

import java.net.InetSocketAddress;
import java.util.Locale;

/** Values that people and programs read alike. */
public final class Text {
    private Text() {}

    /** {@code 198.51.100.7:4500}, {@code [2001:db8::7]:4500}. */
    public static String of(InetSocketAddress address) {
        if (address.isUnresolved()) {
            return address.getHostString() + ":" + address.getPort();
        }
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    /** {@code NO_SECRET} as {@code no secret}. */
    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
