package tier6.api.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A property of a configuration as somebody wrote it. What cannot be understood is an {@link IllegalArgumentException} that
 * says where, what, and how to mend it. Not for secrets: the value is shown.
 *
 * @param pid of the configuration
 * @param name of the property
 * @param value without blanks around it
 */
public record Setting(String pid, String name, String value) {

    /** Takes the blanks away. */
    public Setting {
        value = value.strip();
    }

    /** This, if there is something in it. */
    public Setting required() {
        if (value.isEmpty()) {
            throw new IllegalArgumentException(pid + ": " + name + " is missing");
        }
        return this;
    }

    /** A number in hexadecimal, unsigned, of so many digits at most. */
    public long hex(int digits) {
        if (!value.matches("[0-9a-fA-F]{1," + digits + "}")) {
            throw wrong("write up to " + digits + " hexadecimal digits");
        }
        return Long.parseUnsignedLong(value, 16);
    }

    /** An address of this host to bind to; any if there is nothing in it. May ask the name service, and then blocks. */
    public InetAddress local() {
        try {
            return InetAddress.getByName(value.isEmpty() ? "0.0.0.0" : value);
        } catch (UnknownHostException e) {
            throw wrong("write an address of this host");
        }
    }

    /** For what the value does not mean anything as it is. */
    public IllegalArgumentException wrong(String remedy) {
        return new IllegalArgumentException(pid + ": " + name + " '" + value + "': " + remedy);
    }
}
