package tier6.admission;

import java.util.Arrays;
import java.util.HexFormat;

/** By what people and invitations know a public key: the first half of its SHA3-256, as {@code tier6 keys show} has it. */
public final class Fingerprint {
    /** Bytes of one. */
    public static final int SIZE = 16;

    private Fingerprint() {}

    /** Of a public key. */
    public static byte[] of(byte[] publicKey) {
        return Arrays.copyOf(Digests.sha3(publicKey), SIZE);
    }

    /** As people read it. */
    public static String text(byte[] publicKey) {
        return HexFormat.of().formatHex(of(publicKey));
    }
}
