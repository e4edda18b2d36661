package tier6.sanctum.kdf;

import tier6.sanctum.crypto.Kmac256;

/** Session keys (specification section 3.4). */
public final class TrafficKey {

    /** Bytes of a session key. */
    public static final int SIZE = 32;

    private static final String LABEL = "SANCTUM.TRAFFIC.KDF";
    private static final byte[] LENGTH = {32};

    private TrafficKey() {}

    /**
     * The key of one direction. "Big" is the party whose local id is larger, unsigned; its public key and random are those
     * that it contributed to this direction.
     *
     * @param base base key of purpose TRAFFIC_RX (small to big) or TRAFFIC_TX (big to small)
     * @param x25519 the shared X25519 secret, 32 bytes
     * @param mlkem the ML-KEM secret, 32 bytes
     * @param pubBig X25519 public key of the big party, 32 bytes
     * @param pubSmall X25519 public key of the small party, 32 bytes
     * @param rndBig random of the big party, 16 bytes
     * @param rndSmall random of the small party, 16 bytes
     * @return 32 bytes, the caller's to clear
     */
    public static byte[] derive(
            byte[] base, byte[] x25519, byte[] mlkem, byte[] pubBig, byte[] pubSmall, byte[] rndBig, byte[] rndSmall) {
        return Kmac256.derive(
                base, LABEL, SIZE, LENGTH, x25519, LENGTH, mlkem, LENGTH, pubBig, LENGTH, pubSmall, LENGTH, rndBig,
                rndSmall);
    }
}
