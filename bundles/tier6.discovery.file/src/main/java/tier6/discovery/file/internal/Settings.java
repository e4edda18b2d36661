package tier6.discovery.file.internal;

import tier6.api.config.Setting;

/** What configurations of both sources have in common. */
final class Settings {
    private static final int MAX_DEVICE = 254;

    private Settings() {}

    static long flock(String pid, String text) {
        return new Setting(pid, "flock", text).hex(16);
    }

    static int device(String pid, String text) {
        Setting setting = new Setting(pid, "kek.id", text);
        int device = (int) setting.required().hex(2);
        if (device < 1 || device > MAX_DEVICE) {
            throw setting.wrong("write 01 to fe");
        }
        return device;
    }

    static String required(String pid, String name, String text) {
        return new Setting(pid, name, text).required().value();
    }
}
