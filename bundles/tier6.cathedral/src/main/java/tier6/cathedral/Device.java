package tier6.cathedral;

/**
 * A device of a flock as the settings have it. Immutable; a reload makes a new one that shares what did not change.
 *
 * @param csId names its secrets
 * @param kekIds the numbers it may use in the flock, 1..255
 * @param mbits bandwidth for each of them, in Mbit/s; 0 is unlimited
 * @param keys its secrets, or null as long as there are none
 * @param usage how much of the cathedral's memory it takes
 */
record Device(int csId, int[] kekIds, long[] mbits, DeviceKeys keys, Usage usage) {

    /** What a device takes of the cathedral's memory. Belongs to the thread of the core. */
    static final class Usage {
        int tunnels;
        int liturgies;
    }

    /** A cs-id, or any other 32 bits, as people write it. */
    static String name(int csId) {
        return String.format("%08x", csId);
    }

    /** Index of a number in {@link #kekIds}, or -1 if the device may not use it. */
    int indexOf(int kekId) {
        for (int i = 0; i < kekIds.length; i++) {
            if (kekIds[i] == kekId) {
                return i;
            }
        }
        return -1;
    }

    boolean may(int kekId) {
        return indexOf(kekId) >= 0;
    }
}
