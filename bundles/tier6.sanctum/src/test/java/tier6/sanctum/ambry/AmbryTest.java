package tier6.sanctum.ambry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tier6.sanctum.Vectors.hex;
import static tier6.sanctum.Vectors.id;
import static tier6.sanctum.Vectors.id32;
import static tier6.sanctum.Vectors.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tier6.sanctum.Vectors;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.file.Identity;
import tier6.sanctum.kdf.Flocks;
import tier6.sanctum.offer.AmbryBody;

class AmbryTest {

    private static final long NOW = 1_767_225_600L;
    private static final int HEADER = 70;
    private static final int ENTRY = 58;
    private static final long FLOCK = 0x493abf95a07e0c0aL;

    private final Random dice = new Random(20);
    private final RandomSource random = dice::nextBytes;

    @Test
    void unwrapsTheVectors() {
        for (String bundle : List.of("intra_flock_bundle", "inter_flock_bundle")) {
            JsonObject b = Vectors.load("ambry").getAsJsonObject(bundle);
            for (JsonObject v : Vectors.objects(b, "entries_sample")) {
                long own = id(v, "flock_src");
                long peer = id(v, "flock_dst");
                byte[] kek = hex(v, "device_kek");
                AmbryBody body = body(b, v);
                assertArrayEquals(hex(v, "derived_kek"), Ambry.derive(kek, own, peer));
                assertArrayEquals(hex(v, "shared_secret"), Ambry.unwrap(kek, own, peer, body));
                assertArrayEquals(hex(v, "shared_secret"), Ambry.unwrap(kek, own | 0x0a, peer | 0x0a, body), "domains");

                assertNull(Ambry.unwrap(kek, own ^ 0x100, peer, body), "another flock");
                kek[0] ^= 1;
                assertNull(Ambry.unwrap(kek, own, peer, body), "another device");
            }
        }
    }

    /** The generation, the seed and the first secrets are those of the recorded bundle, the others do not matter. */
    @Test
    void makesTheIntraFlockBundleOfTheVectors() {
        makesTheVectors("intra_flock_bundle", 60);
    }

    @Test
    void makesTheCrossFlockBundleOfTheVectors() {
        makesTheVectors("inter_flock_bundle", 30);
    }

    private void makesTheVectors(String name, int days) {
        JsonObject b = Vectors.load("ambry").getAsJsonObject(name);
        List<JsonObject> samples = Vectors.objects(b, "entries_sample");
        long flockA = id(samples.get(0), "flock_src");
        long flockB = id(samples.get(0), "flock_dst");
        byte[][] keksA = keks();
        byte[][] keksB = flockA == flockB ? keksA : keks();
        for (JsonObject v : samples) {
            byte[][] keks = id(v, "flock_src") == flockA ? keksA : keksB;
            keks[id32(v, "tunnel") >>> 8] = hex(v, "device_kek");
        }
        byte[] header = hex(b, "header");
        int pairs = b.get("entries").getAsInt() / 2;
        RandomSource script = new RandomSource() {
            private int draw;

            @Override
            public void fill(byte[] out) {
                switch (draw++) {
                    case 0 ->
                        ByteBuffer.wrap(out)
                                .putInt(Integer.reverseBytes(
                                        ByteBuffer.wrap(header).getInt(2)));
                    case 1 -> System.arraycopy(header, 6, out, 0, out.length);
                    default -> secretOfPair(draw - 3, out);
                }
            }

            private void secretOfPair(int pair, byte[] out) {
                random.fill(out);
                for (JsonObject v : samples) {
                    if (v.get("entry_index").getAsInt() / 2 == pair) {
                        System.arraycopy(hex(v, "shared_secret"), 0, out, 0, out.length);
                    }
                }
            }
        };

        AmbryBundle bundle;
        try (DerivedKeks a = DerivedKeks.of(keksA, flockA, flockB);
                DerivedKeks other = DerivedKeks.of(keksB, flockB, flockA)) {
            bundle = AmbryBundle.make(a, other, days, NOW, script);
        }

        byte[] bytes = bundle.toBytes();
        assertEquals(b.get("file_size").getAsInt(), bytes.length);
        assertEquals(2 * pairs, bundle.size());
        assertArrayEquals(header, Arrays.copyOf(bytes, HEADER));
        assertEquals(b.get("expires").getAsInt(), bundle.expires());
        for (JsonObject v : samples) {
            int at = HEADER + ENTRY * v.get("entry_index").getAsInt();
            assertEquals(
                    text(v, "entry"), HexFormat.of().formatHex(bytes, at, at + ENTRY), "entry " + v.get("entry_index"));
            AmbryBody found = bundle.find(id(v, "flock_src"), id32(v, "tunnel"));
            assertArrayEquals(body(b, v).wrapped(), found.wrapped());
            assertArrayEquals(
                    hex(v, "shared_secret"),
                    Ambry.unwrap(hex(v, "device_kek"), id(v, "flock_src"), id(v, "flock_dst"), found));
        }
        if (flockA == flockB) {
            assertTunnels(Vectors.load("ambry").getAsJsonArray("intra_first_tunnels"), bytes);
        }
    }

    private static void assertTunnels(JsonArray tunnels, byte[] bytes) {
        for (int i = 0; i < tunnels.size(); i++) {
            int tunnel = ByteBuffer.wrap(bytes).getShort(HEADER + ENTRY * i + 8) & 0xffff;
            assertEquals(tunnels.get(i).getAsString(), String.format("%04x", tunnel));
        }
    }

    @Test
    void everyPairOfDevicesGetsASecretOfItsOwn() {
        try (Flock flock = Flock.generate(FLOCK, random)) {
            AmbryBundle bundle = flock.bundle(30, NOW, random);
            try (Identity one = flock.device(1, 0x1001, random);
                    Identity two = flock.device(2, 0x1002, random);
                    Identity last = flock.device(254, 0x10fe, random)) {
                byte[] onetwo = Ambry.unwrap(one.kek(), FLOCK, FLOCK, bundle.find(FLOCK, 0x0102));
                byte[] twoone = Ambry.unwrap(two.kek(), FLOCK, FLOCK, bundle.find(FLOCK, 0x0201));
                byte[] onelast = Ambry.unwrap(one.kek(), FLOCK, FLOCK, bundle.find(FLOCK, 0x01fe));
                byte[] lastone = Ambry.unwrap(last.kek(), FLOCK, FLOCK, bundle.find(FLOCK, 0xfe01));
                assertArrayEquals(onetwo, twoone);
                assertArrayEquals(onelast, lastone);
                assertFalse(Arrays.equals(onetwo, onelast));
                assertNull(Ambry.unwrap(two.kek(), FLOCK, FLOCK, bundle.find(FLOCK, 0x0102)), "not for this device");
            }
            assertNotEquals(bundle.generation(), flock.bundle(30, NOW, random).generation());
        }
    }

    @Test
    void findsWhatThereIs() {
        try (Flock flock = Flock.generate(FLOCK, random)) {
            AmbryBundle bundle = flock.bundle(30, NOW, random);
            assertNull(bundle.find(FLOCK, 0x0101), "a device and itself");
            assertNull(bundle.find(FLOCK, 0x0001));
            assertNull(bundle.find(FLOCK ^ 0x100, 0x0102), "another flock");
            assertNull(bundle.find(FLOCK, -1));
            assertNull(bundle.find(FLOCK, 0x10102));
            int found = 0;
            for (int tunnel = 0; tunnel <= 0xffff; tunnel++) {
                AmbryBody body = bundle.find(FLOCK, tunnel);
                if (body != null) {
                    assertEquals(tunnel, body.tunnel());
                    found++;
                }
            }
            assertEquals(bundle.size(), found);
        }
    }

    @Test
    void expires() {
        try (Flock flock = Flock.generate(FLOCK, random)) {
            AmbryBundle bundle = flock.bundle(60, NOW, random);
            assertEquals(862, bundle.expires());
            assertFalse(bundle.expired(NOW));
            long end = Ambry.expirySeconds(862);
            assertFalse(bundle.expired(end));
            assertTrue(bundle.expired(end + 1));
        }
        assertThrows(IllegalArgumentException.class, () -> Ambry.expiryAfter(100_000, NOW));
        assertThrows(IllegalArgumentException.class, () -> Ambry.expiryAfter(1, 0));
    }

    @Test
    void goesThroughFiles(@TempDir Path directory) throws IOException {
        try (Flock flock = Flock.generate(FLOCK, random)) {
            flock.write(directory.resolve("keks"));
            AmbryBundle bundle = flock.bundle(30, NOW, random);
            bundle.write(directory.resolve("bundle"));
            assertArrayEquals(
                    bundle.toBytes(),
                    AmbryBundle.read(directory.resolve("bundle")).toBytes());
            try (Flock again = Flock.load(FLOCK, directory.resolve("keks"));
                    Identity device = again.device(7, 0x1007, random)) {
                byte[] secret = Ambry.unwrap(device.kek(), FLOCK, FLOCK, bundle.find(FLOCK, 0x0708));
                assertEquals(Ambry.SECRET_SIZE, secret.length);
            }
        }
    }

    @Test
    void anOpenedFileHasWhatABundleInMemoryHas(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("bundle");
        long other = FLOCK ^ 0x100;
        try (Flock a = Flock.generate(FLOCK, random);
                Flock b = Flock.generate(other, random);
                DerivedKeks ofA = a.derive(other);
                DerivedKeks ofB = b.derive(FLOCK)) {
            for (AmbryBundle bundle : List.of(a.bundle(30, NOW, random), AmbryBundle.make(ofA, ofB, 30, NOW, random))) {
                bundle.write(file);
                try (AmbryBundle opened = AmbryBundle.open(file)) {
                    assertSame(bundle, opened);
                }
                byte[] shuffled = bundle.toBytes();
                for (int i = bundle.size() - 1; i > 0; i--) {
                    swap(shuffled, HEADER + ENTRY * i, HEADER + ENTRY * dice.nextInt(i + 1));
                }
                Files.write(file, shuffled);
                try (AmbryBundle opened = AmbryBundle.open(file)) {
                    assertSame(bundle, opened);
                }
            }
        }
    }

    private static void assertSame(AmbryBundle bundle, AmbryBundle opened) {
        assertEquals(bundle.flocks(), opened.flocks());
        assertEquals(bundle.generation(), opened.generation());
        for (long flock : bundle.flocks()) {
            for (int tunnel = 0; tunnel < 1 << 16; tunnel += 7) {
                AmbryBody one = bundle.find(flock, tunnel);
                AmbryBody same = opened.find(flock, tunnel);
                assertEquals(one == null, same == null);
                if (one != null) {
                    assertArrayEquals(one.wrapped(), same.wrapped());
                    assertArrayEquals(one.seed(), same.seed());
                }
            }
        }
    }

    private static void swap(byte[] bytes, int one, int other) {
        byte[] kept = Arrays.copyOfRange(bytes, one, one + ENTRY);
        System.arraycopy(bytes, other, bytes, one, ENTRY);
        System.arraycopy(kept, 0, bytes, other, ENTRY);
    }

    @Test
    void anOpenedFileMayBeReplacedButNotOverwritten(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("bundle");
        try (Flock flock = Flock.generate(FLOCK, random)) {
            AmbryBundle first = flock.bundle(30, NOW, random);
            AmbryBundle second = flock.bundle(30, NOW, random);
            first.write(file);
            try (AmbryBundle opened = AmbryBundle.open(file)) {
                second.write(file);
                assertArrayEquals(
                        first.find(FLOCK, 0x0102).wrapped(),
                        opened.find(FLOCK, 0x0102).wrapped(),
                        "the file beside it is another one");
            }
            try (AmbryBundle opened = AmbryBundle.open(file)) {
                Files.write(file, first.toBytes());
                assertNull(opened.find(FLOCK, 0x0102), "neither the old nor the new");
                Files.write(file, new byte[100]);
                assertNull(opened.find(FLOCK, 0x0102));
            }
            AmbryBundle closed = AmbryBundle.open(Files.write(file, first.toBytes()));
            closed.close();
            assertNull(closed.find(FLOCK, 0x0102));
            Files.write(file, new byte[100]);
            assertThrows(IOException.class, () -> AmbryBundle.open(file));
        }
    }

    /** Whoever makes a bundle of two flocks has of both only what was derived for the pair. */
    @Test
    void derivedKeksGoThroughFiles(@TempDir Path directory) throws IOException {
        long other = FLOCK ^ 0x100;
        try (Flock a = Flock.generate(FLOCK, random);
                Flock b = Flock.generate(other, random);
                DerivedKeks ofA = a.derive(other);
                DerivedKeks ofB = b.derive(FLOCK)) {
            ofA.write(directory.resolve("a"));
            ofB.write(directory.resolve("b"));
            try (DerivedKeks readA = DerivedKeks.load(FLOCK, directory.resolve("a"));
                    DerivedKeks readB = DerivedKeks.load(other, directory.resolve("b"))) {
                AmbryBundle bundle = AmbryBundle.make(readA, readB, 30, NOW, random);
                assertEquals(List.of(Flocks.mask(FLOCK), Flocks.mask(other)), bundle.flocks());
                byte[] one = Ambry.unwrap(a.kek(1), FLOCK, other, bundle.find(FLOCK, 0x0102));
                byte[] two = Ambry.unwrap(b.kek(2), other, FLOCK, bundle.find(other, 0x0201));
                assertArrayEquals(one, two);
            }
            Files.delete(directory.resolve("a").resolve("kek-0xff"));
            assertThrows(IOException.class, () -> DerivedKeks.load(FLOCK, directory.resolve("a")));
        }
    }

    @Test
    void refusesWhatIsNoBundle() {
        assertThrows(IOException.class, () -> AmbryBundle.of(new byte[0]));
        assertThrows(IOException.class, () -> AmbryBundle.of(new byte[AmbryBundle.INTRA_SIZE - 1]));
        byte[] manyFlocks = new byte[AmbryBundle.INTRA_SIZE];
        new Random(1).nextBytes(manyFlocks);
        assertThrows(IOException.class, () -> AmbryBundle.of(manyFlocks));
    }

    private byte[][] keks() {
        byte[][] keks = new byte[256][];
        for (int i = 1; i < keks.length; i++) {
            keks[i] = random.bytes(32);
        }
        return keks;
    }

    private static AmbryBody body(JsonObject bundle, JsonObject v) {
        byte[] header = hex(bundle, "header");
        ByteBuffer in = ByteBuffer.wrap(header);
        byte[] wrapped = HexFormat.of().parseHex(text(v, "wrapped_key") + text(v, "tag"));
        return new AmbryBody(
                id32(v, "tunnel"), in.getShort(0), in.getInt(2), Arrays.copyOfRange(header, 6, HEADER), wrapped);
    }
}
