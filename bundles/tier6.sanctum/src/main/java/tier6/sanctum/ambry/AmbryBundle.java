package tier6.sanctum.ambry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import tier6.sanctum.crypto.AesGcm;
import tier6.sanctum.crypto.Kmac256;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.crypto.Secrets;
import tier6.sanctum.file.KeyFiles;
import tier6.sanctum.kdf.Flocks;
import tier6.sanctum.offer.AmbryBody;

/**
 * All the ambries of a flock, or of a pair of flocks, as the cathedral keeps them (specification section 15.3). Holds the bytes
 * of the file and an index. Immutable; may be shared by threads.
 */
public final class AmbryBundle {

    /** Bytes of the bundle of one flock. */
    public static final int INTRA_SIZE = 3_756_730;

    /** Bytes of the bundle of a pair of flocks. */
    public static final int CROSS_SIZE = 7_542_970;

    private static final int HEADER_SIZE = 70;
    private static final int ENTRY_SIZE = 58;
    private static final int SEED_AT = 6;
    private static final int TUNNELS = 1 << Short.SIZE;

    private final byte[] bytes;
    private final long[] flocks = new long[2];
    private final int[][] entryOf = new int[2][];

    private AmbryBundle(byte[] bytes) throws IOException {
        if (bytes.length != INTRA_SIZE && bytes.length != CROSS_SIZE) {
            throw new IOException(
                    "an ambry bundle has " + INTRA_SIZE + " or " + CROSS_SIZE + " bytes, not " + bytes.length);
        }
        this.bytes = bytes;
        index();
    }

    /**
     * Reads a bundle file; blocks on the file system.
     *
     * @throws IOException if the file cannot be a bundle
     */
    public static AmbryBundle read(Path path) throws IOException {
        byte[] bytes = KeyFiles.readSized(path, INTRA_SIZE, CROSS_SIZE);
        try {
            return new AmbryBundle(bytes);
        } catch (IOException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }

    /**
     * Takes the content of a bundle file, without copying it.
     *
     * @throws IOException if it cannot be a bundle
     */
    public static AmbryBundle of(byte[] content) throws IOException {
        return new AmbryBundle(content);
    }

    /**
     * Makes the bundle of one flock: a shared secret for every pair of devices. Draws 4 bytes for the generation, 64 for the
     * seed, then 32 for each pair, in the order of the file. Computes for some hundred milliseconds.
     *
     * @param days for how long, from now
     */
    public static AmbryBundle make(DerivedKeks keks, int days, long nowSeconds, RandomSource random) {
        return make(keks, keks, days, nowSeconds, random);
    }

    /** Makes the bundle of a pair of flocks; each side's KEKs are derived for the other's flock. */
    public static AmbryBundle make(DerivedKeks a, DerivedKeks b, int days, long nowSeconds, RandomSource random) {
        try {
            return new AmbryBundle(new Maker(a, b, days, nowSeconds, random).make());
        } catch (IOException e) {
            throw new AssertionError("a bundle of our own", e);
        }
    }

    /**
     * The ambry of a device, ready to be sent.
     *
     * @param flock the device's flock, with or without domain
     * @param tunnel the device's tunnel id: own kek-id, then the peer's
     * @return null if there is none
     */
    public AmbryBody find(long flock, int tunnel) {
        int side = side(Flocks.mask(flock));
        int entry = side < 0 || tunnel < 0 || tunnel >= TUNNELS ? 0 : entryOf[side][tunnel];
        if (entry == 0) {
            return null;
        }
        int at = entry + Long.BYTES + Short.BYTES;
        return new AmbryBody(
                tunnel, expires(), generation(), seed(), Arrays.copyOfRange(bytes, at, entry + ENTRY_SIZE));
    }

    /** The random number that tells this bundle from others of the same flock. */
    public int generation() {
        return ByteBuffer.wrap(bytes).getInt(Short.BYTES);
    }

    /** Days since the ambry epoch, see {@link Ambry#expirySeconds}. */
    public int expires() {
        return ByteBuffer.wrap(bytes).getShort(0) & 0xffff;
    }

    /** The flocks it is for, without domain: one, or a pair. */
    public List<Long> flocks() {
        return entryOf[1] == null ? List.of(flocks[0]) : List.of(flocks[0], flocks[1]);
    }

    /** Whether the bundle is out of date. */
    public boolean expired(long nowSeconds) {
        return Ambry.expired(expires(), nowSeconds);
    }

    /** Ambries in the bundle. */
    public int size() {
        return (bytes.length - HEADER_SIZE) / ENTRY_SIZE;
    }

    /** Writes the file in one step; it is readable by all, for it can be used by none who lacks a KEK. */
    public void write(Path path) throws IOException {
        KeyFiles.writePublic(path, bytes);
    }

    /** A copy of the content of the file. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    private byte[] seed() {
        return Arrays.copyOfRange(bytes, SEED_AT, HEADER_SIZE);
    }

    /** The order of the entries means nothing (specification section 15.3), so where each stands is written down. */
    private void index() throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        for (int at = HEADER_SIZE; at < bytes.length; at += ENTRY_SIZE) {
            int side = sideOrNew(Flocks.mask(in.getLong(at)));
            entryOf[side][in.getShort(at + Long.BYTES) & 0xffff] = at;
        }
    }

    private int sideOrNew(long flock) throws IOException {
        int side = side(flock);
        if (side >= 0) {
            return side;
        }
        for (int free = 0; free < flocks.length; free++) {
            if (entryOf[free] == null) {
                flocks[free] = flock;
                entryOf[free] = new int[TUNNELS];
                return free;
            }
        }
        throw new IOException("an ambry bundle is for two flocks at most");
    }

    private int side(long flock) {
        for (int side = 0; side < flocks.length && entryOf[side] != null; side++) {
            if (flocks[side] == flock) {
                return side;
            }
        }
        return -1;
    }

    private static final class Maker {

        private final DerivedKeks a;
        private final DerivedKeks b;
        private final int expires;
        private final int generation;
        private final byte[] seed;
        private final RandomSource random;

        private final ByteBuffer out;
        private final AesGcm aes = new AesGcm();
        private final byte[] nonce = AesGcm.nonceOfSingleUse();
        private final byte[] key = new byte[AesGcm.KEY_SIZE];
        private final byte[] secret = new byte[Ambry.SECRET_SIZE];

        Maker(DerivedKeks a, DerivedKeks b, int days, long nowSeconds, RandomSource random) {
            this.a = a;
            this.b = b;
            this.random = random;
            expires = Ambry.expiryAfter(days, nowSeconds);
            generation = random.nextInt();
            seed = random.bytes(AmbryBody.SEED_SIZE);
            out = ByteBuffer.allocate(intra() ? INTRA_SIZE : CROSS_SIZE);
        }

        byte[] make() {
            out.putShort((short) expires).putInt(generation).put(seed);
            Kmac256[] kdfsOfA = kdfs(a);
            Kmac256[] kdfsOfB = intra() ? kdfsOfA : kdfs(b);
            for (int src = 1; src <= DerivedKeks.DEVICES; src++) {
                for (int dst = intra() ? src + 1 : 1; dst <= DerivedKeks.DEVICES; dst++) {
                    random.fill(secret);
                    wrap(kdfsOfA[src], a.flock(), b.flock(), src << Byte.SIZE | dst);
                    wrap(kdfsOfB[dst], b.flock(), a.flock(), dst << Byte.SIZE | src);
                }
            }
            Secrets.clear(key, secret);
            close(kdfsOfA);
            close(kdfsOfB);
            return out.array();
        }

        private boolean intra() {
            return a.flock() == b.flock();
        }

        private void wrap(Kmac256 kdf, long own, long peer, int tunnel) {
            kdf.derive(key, 0, key.length, Ambry.context(own, peer, tunnel, generation, seed));
            byte[] aad = Ambry.aad(own, peer, tunnel, expires, generation, seed);
            out.putLong(own).putShort((short) tunnel);
            aes.seal(key, nonce, aad, aad.length, secret, 0, secret.length, out.array(), out.position());
            out.position(out.position() + AmbryBody.WRAPPED_SIZE);
        }

        private static Kmac256[] kdfs(DerivedKeks keks) {
            Kmac256[] kdfs = new Kmac256[1 + DerivedKeks.DEVICES];
            for (int id = 1; id < kdfs.length; id++) {
                kdfs[id] = new Kmac256(keks.key(id), Ambry.LABEL);
            }
            return kdfs;
        }

        private static void close(Kmac256[] kdfs) {
            for (int id = 1; id < kdfs.length; id++) {
                kdfs[id].close();
            }
        }
    }
}
