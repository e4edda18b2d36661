package tier6.sanctum.ambry;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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
 * All the ambries of a flock, or of a pair of flocks, as the cathedral keeps them (specification section 15.3). Immutable; may
 * be shared by threads.
 *
 * <p>A bundle is in memory, or it is an {@link #open opened} file: then only its header is, and whoever asks for an ambry
 * waits for the file system.
 */
public final class AmbryBundle implements AutoCloseable {

    /** Bytes of the bundle of one flock. */
    public static final int INTRA_SIZE = 3_756_730;

    /** Bytes of the bundle of a pair of flocks. */
    public static final int CROSS_SIZE = 7_542_970;

    private static final int HEADER_SIZE = 70;
    private static final int ENTRY_SIZE = 58;
    private static final int WRAPPED_AT = Long.BYTES + Short.BYTES;
    private static final int SEED_AT = 6;
    private static final int TUNNELS = 1 << Short.SIZE;

    /** Entries that are read at once while all of them are. */
    private static final int CHUNK = 1024;

    /** Where the bytes are. */
    private interface Content extends AutoCloseable {
        /** Fills {@code into} with what begins at {@code at}. */
        void read(int at, byte[] into) throws IOException;

        @Override
        default void close() throws IOException {}
    }

    private final int length;
    private final Content content;
    private final byte[] header = new byte[HEADER_SIZE];
    private final long[] flocks = new long[2];
    private int sides;

    /** Where the entry of a tunnel is; null if the entries are in the order in which every program writes them. */
    private int[][] entryOf;

    private AmbryBundle(long length, Content content) throws IOException {
        if (length != INTRA_SIZE && length != CROSS_SIZE) {
            throw new IOException("an ambry bundle has " + INTRA_SIZE + " or " + CROSS_SIZE + " bytes, not " + length);
        }
        this.length = (int) length;
        this.content = content;
        content.read(0, header);
        index();
    }

    /**
     * Reads a bundle file into memory; blocks on the file system.
     *
     * @throws IOException if the file cannot be a bundle
     */
    public static AmbryBundle read(Path path) throws IOException {
        byte[] bytes = KeyFiles.readSized(path, INTRA_SIZE, CROSS_SIZE);
        try {
            return of(bytes);
        } catch (IOException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }

    /**
     * Opens a bundle file and checks it, but leaves it where it is: for who keeps many. A file that takes its place is
     * another bundle and changes nothing; one that is overwritten has no ambries any more.
     *
     * @return a bundle to be closed
     * @throws IOException if the file cannot be a bundle
     */
    public static AmbryBundle open(Path path) throws IOException {
        FileChannel file = KeyFiles.open(path);
        try {
            return new AmbryBundle(file.size(), new Content() {
                @Override
                public void read(int at, byte[] into) throws IOException {
                    ByteBuffer buffer = ByteBuffer.wrap(into);
                    while (buffer.hasRemaining()) {
                        if (file.read(buffer, at + buffer.position()) < 0) {
                            throw new EOFException("an ambry bundle became shorter");
                        }
                    }
                }

                @Override
                public void close() throws IOException {
                    file.close();
                }
            });
        } catch (IOException e) {
            file.close();
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }

    /**
     * Takes the content of a bundle file, without copying it.
     *
     * @throws IOException if it cannot be a bundle
     */
    public static AmbryBundle of(byte[] content) throws IOException {
        return new AmbryBundle(content.length, (at, into) -> System.arraycopy(content, at, into, 0, into.length));
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
            return of(new Maker(a, b, days, nowSeconds, random).make());
        } catch (IOException e) {
            throw new AssertionError("a bundle of our own", e);
        }
    }

    /**
     * The ambry of a device, ready to be sent.
     *
     * @param flock the device's flock, with or without domain
     * @param tunnel the device's tunnel id: own kek-id, then the peer's
     * @return null if there is none, or if the file it should be in is not what was opened any more
     */
    public AmbryBody find(long flock, int tunnel) {
        int side = side(Flocks.mask(flock));
        int at = side < 0 || tunnel < 0 || tunnel >= TUNNELS
                ? 0
                : entryOf == null ? place(side, tunnel) : entryOf[side][tunnel];
        if (at == 0) {
            return null;
        }
        byte[] entry = new byte[ENTRY_SIZE];
        byte[] begin = new byte[SEED_AT];
        try {
            content.read(at, entry);
            content.read(0, begin);
        } catch (IOException e) {
            return null;
        }
        return flockOf(entry, 0) == flocks[side]
                        && tunnelOf(entry, 0) == tunnel
                        && Arrays.equals(begin, 0, SEED_AT, header, 0, SEED_AT)
                ? new AmbryBody(
                        tunnel,
                        expires(),
                        generation(),
                        Arrays.copyOfRange(header, SEED_AT, HEADER_SIZE),
                        Arrays.copyOfRange(entry, WRAPPED_AT, ENTRY_SIZE))
                : null;
    }

    /** The random number that tells this bundle from others of the same flock. */
    public int generation() {
        return ByteBuffer.wrap(header).getInt(Short.BYTES);
    }

    /** Days since the ambry epoch, see {@link Ambry#expirySeconds}. */
    public int expires() {
        return ByteBuffer.wrap(header).getShort(0) & 0xffff;
    }

    /** The flocks it is for, without domain: one, or a pair. */
    public List<Long> flocks() {
        return sides == 1 ? List.of(flocks[0]) : List.of(flocks[0], flocks[1]);
    }

    /** Whether the bundle is out of date. */
    public boolean expired(long nowSeconds) {
        return Ambry.expired(expires(), nowSeconds);
    }

    /** Ambries in the bundle. */
    public int size() {
        return (length - HEADER_SIZE) / ENTRY_SIZE;
    }

    /** Writes the file in one step; it is readable by all, for it can be used by none who lacks a KEK. */
    public void write(Path path) throws IOException {
        KeyFiles.writePublic(path, toBytes());
    }

    /**
     * A copy of the content of the file.
     *
     * @throws UncheckedIOException if it is in a file that cannot be read any more
     */
    public byte[] toBytes() {
        byte[] all = new byte[length];
        try {
            content.read(0, all);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    /** Closes the file, if it was opened: it has no ambries any more. May be called while other threads use it. */
    @Override
    public void close() throws IOException {
        content.close();
    }

    private interface Visitor {
        void entry(int at, long flock, int tunnel) throws IOException;
    }

    private void forEach(Visitor visitor) throws IOException {
        int at = HEADER_SIZE;
        while (at < length) {
            byte[] chunk = new byte[Math.min(CHUNK * ENTRY_SIZE, length - at)];
            content.read(at, chunk);
            for (int i = 0; i < chunk.length; i += ENTRY_SIZE) {
                visitor.entry(at + i, flockOf(chunk, i), tunnelOf(chunk, i));
            }
            at += chunk.length;
        }
    }

    /** The order of the entries means nothing (specification section 15.3): where it is another one, it is written down. */
    private void index() throws IOException {
        boolean[] ordered = {true};
        forEach((at, flock, tunnel) -> ordered[0] &= place(sideOrNew(flock), tunnel) == at);
        if (!ordered[0]) {
            entryOf = new int[2][TUNNELS];
            forEach((at, flock, tunnel) -> entryOf[sideOrNew(flock)][tunnel] = at);
        }
    }

    /** Where the entry of a tunnel would be in the usual order, or 0 if it would be nowhere. */
    private int place(int side, int tunnel) {
        int own = tunnel >>> Byte.SIZE;
        int peer = tunnel & 0xff;
        if (own == 0 || peer == 0) {
            return 0;
        }
        int pair;
        boolean second;
        if (length == CROSS_SIZE) {
            second = side == 1;
            int src = second ? peer : own;
            int dst = second ? own : peer;
            pair = (src - 1) * DerivedKeks.DEVICES + dst - 1;
        } else if (side == 0 && own != peer) {
            second = own > peer;
            int src = Math.min(own, peer);
            int dst = Math.max(own, peer);
            pair = (src - 1) * DerivedKeks.DEVICES - (src - 1) * src / 2 + dst - src - 1;
        } else {
            return 0;
        }
        return HEADER_SIZE + (2 * pair + (second ? 1 : 0)) * ENTRY_SIZE;
    }

    private static long flockOf(byte[] bytes, int at) {
        return Flocks.mask(ByteBuffer.wrap(bytes).getLong(at));
    }

    private static int tunnelOf(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes).getShort(at + Long.BYTES) & 0xffff;
    }

    private int sideOrNew(long flock) throws IOException {
        int side = side(flock);
        if (side < 0) {
            if (sides == flocks.length) {
                throw new IOException("an ambry bundle is for two flocks at most");
            }
            side = sides++;
            flocks[side] = flock;
        }
        return side;
    }

    private int side(long flock) {
        for (int side = 0; side < sides; side++) {
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
