package tier6.discovery.reliquary;

import tier6.sanctum.kdf.Flocks;

/** The spellings of identifiers in the API, in file names and in commands (specification section 18.1). */
public final class Hex {
    static final String FLOCK = "[0-9a-f]{14}00";
    static final String DEVICE = "[0-9a-f]{8}";
    static final String KEK_ID = "[0-9a-f]{2}";
    static final String TOKEN = "[0-9a-f]{32}";
    static final String KEY = "[0-9a-f]{64}";

    private Hex() {}

    /** The token of a flock: 16 digits, the domain left out. */
    public static String flock(long flock) {
        return "%016x".formatted(Flocks.mask(flock));
    }

    /** A device, 8 digits. */
    public static String device(int csId) {
        return "%08x".formatted(csId);
    }

    /** A number in a flock, 2 digits. */
    public static String kekId(int kekId) {
        return "%02x".formatted(kekId);
    }
}
