package tier6.discovery.file.internal;

/** Reads texts of configurations; what is wrong names the PID, the property and the remedy. */
final class Settings {
    private static final int MAX_DEVICE = 254;

    private Settings() {}

    static long flock(String pid, String text) {
        return hex(pid, "flock", text, 16);
    }

    static int device(String pid, String text) {
        int device = (int) hex(pid, "kek.id", text, 2);
        if (device < 1 || device > MAX_DEVICE) {
            throw new IllegalArgumentException(pid + ": kek.id '" + text + "': write 01 to fe");
        }
        return device;
    }

    static String required(String pid, String name, String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException(pid + ": " + name + " is missing");
        }
        return text.strip();
    }

    private static long hex(String pid, String name, String text, int digits) {
        String bare = text.strip();
        if (!bare.matches("[0-9a-fA-F]{1," + digits + "}")) {
            throw new IllegalArgumentException(
                    pid + ": " + name + " '" + text + "': write up to " + digits + " hexadecimal digits");
        }
        return Long.parseUnsignedLong(bare, 16);
    }
}
