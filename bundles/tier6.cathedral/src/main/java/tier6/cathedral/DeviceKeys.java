package tier6.cathedral;

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
    private final long[] flocks = new long[CACHED];
    private final OfferCipher[] ciphers = new OfferCipher[CACHED];
    private int next;

    /** Takes over both arrays. */
    DeviceKeys(byte[] cs, byte[] cosk) {
        this.cs = cs;
        this.cosk = cosk;
    }

    byte[] publicKey() {
        return cosk;
    }

    /** The cipher for a flock with its domain: a kept one, or a new one that the caller keeps or closes. */
    OfferCipher cipher(long flock) {
        for (int i = 0; i < CACHED; i++) {
            if (ciphers[i] != null && flocks[i] == flock) {
                return ciphers[i];
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
        if (ciphers[next] != null) {
            ciphers[next].close();
        }
        flocks[next] = flock;
        ciphers[next] = cipher;
        next = (next + 1) % CACHED;
    }

    boolean isKept(OfferCipher cipher) {
        for (OfferCipher kept : ciphers) {
            if (kept == cipher) {
                return true;
            }
        }
        return false;
    }

    void close() {
        Secrets.clear(cs);
        for (int i = 0; i < CACHED; i++) {
            if (ciphers[i] != null) {
                ciphers[i].close();
                ciphers[i] = null;
            }
        }
    }

    /** Says nothing of what is inside. */
    @Override
    public String toString() {
        return "keys";
    }
}
