package tier6.sanctum.file;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import tier6.itest.fuzz.Decoder;
import tier6.itest.fuzz.Scratch;
import tier6.itest.fuzz.Target;
import tier6.sanctum.ambry.AmbryBundle;
import tier6.sanctum.crypto.RandomSource;

/** Files that hold keys, or what is made of them. */
public final class FileTargets {
    private static final long FLOCK = 0x4900L;

    /** A whole bundle has millions of bytes, so one input in as many becomes one. */
    private static final int INPUTS_A_BUNDLE = 200;

    private static final int HEADER = 70;
    private static final int ENTRY = 58;

    private FileTargets() {}

    /** All of this package and of the bundles. */
    public static List<Target> all() {
        RandomSource random = new Random(5)::nextBytes;
        Vicar vicar =
                new Vicar(1, FLOCK, 0x0102, 0x0a000001, 4500, random.bytes(32), random.bytes(64), random.bytes(32));
        byte[] key = random.bytes(64);
        byte[] salt = random.bytes(32);
        Remembrance remembrance = new Remembrance(
                List.of(new InetSocketAddress("192.0.2.1", 4500), new InetSocketAddress("192.0.2.2", 4500)));
        return List.of(
                new Target("vicars", 400, List.of(vicar.sealWithKey(salt, key)), r -> vicars(key)),
                new Target(
                        "remembrances",
                        400,
                        List.of(
                                RemembranceFile.encode(remembrance, RemembranceFile.Format.TIER6),
                                RemembranceFile.encode(remembrance, RemembranceFile.Format.SANCTUM)),
                        r -> FileTargets::remembrance),
                new Target("key-files", 100, List.of(random.bytes(32), random.bytes(64)), r -> keyFiles()),
                new Target("ambry-bundles", 512, List.of(random.bytes(HEADER + 3 * ENTRY)), FileTargets::bundles));
    }

    private static Decoder vicars(byte[] key) {
        return (input, length) -> {
            byte[] file = Target.whole(input, length);
            if (length == Vicar.FILE_SIZE) {
                // Past the passphrase, which takes seconds.
                Vicar opened = Vicar.openWithKey(file, key);
                if (opened != null) {
                    opened.close();
                }
            } else if (Vicar.open(file, key) != null) {
                throw new AssertionError("a vicar of " + length + " bytes");
            }
        };
    }

    private static void remembrance(byte[] input, int length) {
        try {
            RemembranceFile.decode(Target.whole(input, length));
        } catch (IllegalArgumentException e) {
            if (!e.getMessage().contains("remembrance")) {
                throw e;
            }
        }
    }

    private static Decoder keyFiles() throws IOException {
        Scratch file = Scratch.file();
        return (input, length) -> {
            file.write(input, length);
            try {
                KeyFiles.readSecret(file.path(), 32);
                KeyFiles.readSized(file.path(), 32, 64);
            } catch (IOException e) {
                // its own
            }
        };
    }

    /** The input becomes the header and entries here and there of a bundle that is whole otherwise. */
    private static Decoder bundles(RandomSource random) throws IOException {
        byte[] whole = new byte[AmbryBundle.INTRA_SIZE];
        ByteBuffer out = ByteBuffer.wrap(whole).position(HEADER);
        for (int src = 1; src <= 255; src++) {
            for (int dst = src + 1; dst <= 255; dst++) {
                out.putLong(FLOCK).putShort((short) (src << 8 | dst)).position(out.position() + 48);
                out.putLong(FLOCK).putShort((short) (dst << 8 | src)).position(out.position() + 48);
            }
        }
        Scratch file = Scratch.file();
        file.write(whole, whole.length);
        int[] seen = {0};
        return (input, length) -> {
            if (++seen[0] % INPUTS_A_BUNDLE != 0) {
                use(AmbryBundle::of, Target.whole(input, length), random);
                return;
            }
            byte[] damaged = whole.clone();
            System.arraycopy(input, 0, damaged, 0, Math.min(HEADER, length));
            for (int at = HEADER; at < length; at += ENTRY) {
                int entry = Math.floorMod(random.nextInt(), (whole.length - HEADER) / ENTRY);
                System.arraycopy(input, at, damaged, HEADER + entry * ENTRY, Math.min(ENTRY, length - at));
            }
            use(AmbryBundle::of, damaged, random);
            try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(damaged));
            }
            use(AmbryBundle::open, file.path(), random);
        };
    }

    private interface Maker<T> {
        AmbryBundle make(T from) throws IOException;
    }

    private static <T> void use(Maker<T> maker, T from, RandomSource random) {
        try (AmbryBundle bundle = maker.make(from)) {
            for (int i = 0; i < 8; i++) {
                int tunnel = random.nextInt() & 0x1ffff;
                long flock = i % 2 == 0 ? FLOCK : bundle.flocks().get(0);
                if (bundle.find(flock, tunnel) != null && tunnel > 0xffff) {
                    throw new AssertionError("tunnel " + tunnel);
                }
            }
        } catch (IOException e) {
            // its own
        }
    }
}
