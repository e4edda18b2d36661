package tier6.cathedral;

import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.Secrets;
import tier6.sanctum.offer.OfferCipher;
import tier6.sanctum.shroud.Shroud;

/**
 * The secrets of a device: its CS, the public half of its COSK, and what is derived from the CS for the last domains that it
 * used. Made by the thread that reads files, then used and closed by the thread of the core alone.
 */
final class DeviceKeys {
    private static final int CACHED = 2;

    private final byte[] cs;
    private final byte[] cosk;

    /** Both null until somebody spoke who is the device: most of them may be asleep. */
    private Kept[] kept;

    private Ed25519.Verifier verifier;

    private int next;

    private record Kept(long flock, OfferCipher cipher) {}

    /** Takes over both arrays. */
    DeviceKeys(byte[] cs, byte[] cosk) {
        this.cs = cs;
        this.cosk = cosk;
    }

    /** Verifies its signatures; always the same object. */
    Ed25519.Verifier verifier() {
        if (verifier == null) {
            verifier = new Ed25519.Verifier(cosk);
        }
        return verifier;
    }

    /** The cipher for a flock with its domain: a kept one, or a new one that the caller keeps or closes. */
    OfferCipher cipher(long flock) {
        for (int i = 0; kept != null && i < CACHED; i++) {
            if (kept[i] != null && kept[i].flock == flock) {
                return kept[i].cipher;
            }
        }
        return OfferCipher.cathedral(cs, flock);
    }

    /** What the device's datagrams wear for tunnels to {@code peer}; the caller closes it. */
    Shroud shroud(long own, long peer) {
        return Shroud.cathedral(cs, own, peer);
    }

    /** Keeps the cipher of somebody who proved to be the device. */
    void keep(long flock, OfferCipher cipher) {
        if (isKept(cipher)) {
            return;
        }
        if (kept == null) {
            kept = new Kept[CACHED];
        }
        if (kept[next] != null) {
            kept[next].cipher.close();
        }
        kept[next] = new Kept(flock, cipher);
        next = (next + 1) % CACHED;
    }

    boolean isKept(OfferCipher cipher) {
        for (int i = 0; kept != null && i < CACHED; i++) {
            if (kept[i] != null && kept[i].cipher == cipher) {
                return true;
            }
        }
        return false;
    }

    void close() {
        Secrets.clear(cs);
        for (int i = 0; kept != null && i < CACHED; i++) {
            if (kept[i] != null) {
                kept[i].cipher.close();
            }
        }
        kept = null;
    }

    /** Says nothing of what is inside. */
    @Override
    public String toString() {
        return "keys";
    }
}
