package tier6.sanctum;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import tier6.sanctum.ambry.Ambry;
import tier6.sanctum.ambry.AmbryBundle;
import tier6.sanctum.ambry.Flock;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.file.Remembrance;
import tier6.sanctum.file.RemembranceFile;
import tier6.sanctum.file.Vicar;
import tier6.sanctum.offer.AmbryBody;
import tier6.sanctum.offer.InfoBody;
import tier6.sanctum.offer.Magic;
import tier6.sanctum.offer.Offer;
import tier6.sanctum.offer.OfferBody;
import tier6.sanctum.offer.OfferCipher;
import tier6.sanctum.offer.OfferException;
import tier6.sanctum.offer.OfferHeader;
import tier6.sanctum.offer.RemembranceBody;
import tier6.sanctum.shroud.Shroud;

/** Whatever arrives, a decoder gives a value or its own refusal. A failure prints its seed; set tier6.test.seed to repeat it. */
class RobustnessTest {

    private static final int ROUNDS = 200_000;
    private static final long NOW = 1_767_225_600L;

    private final long seed = Long.getLong("tier6.test.seed", System.nanoTime());
    private final Random dice = new Random(seed);
    private final RandomSource random = dice::nextBytes;
    private boolean passed;

    @AfterEach
    void tellTheSeed(TestInfo test) {
        if (!passed) {
            System.out.println(test.getDisplayName() + ": -Dtier6.test.seed=" + seed);
        }
    }

    @Test
    void offersFromOutside() {
        try (OfferCipher cipher = OfferCipher.peer(random.bytes(32), 1, 2)) {
            byte[] good = cipher.seal(
                    new OfferHeader(Magic.SACRAMNT, 1, 2, 3), NOW, InfoBody.announce(1, 2, 3, 4, 5, 6), null, random);
            for (int i = 0; i < ROUNDS; i++) {
                byte[] datagram = dice.nextInt(4) == 0 ? noise(700) : mutate(good);
                if (Arrays.equals(datagram, 0, Math.min(datagram.length, Offer.SIZE), good, 0, good.length)) {
                    continue;
                }
                try {
                    cipher.open(datagram, 0, datagram.length, NOW);
                    fail("a forged offer was accepted");
                } catch (OfferException e) {
                    assertEquals(
                            datagram.length < Offer.SIZE
                                    ? OfferException.Reason.TOO_SHORT
                                    : OfferException.Reason.NOT_AUTHENTIC,
                            e.reason());
                }
            }
        }
        passed = true;
    }

    /** Whoever has the key may still send any plaintext. What is read of it is written as it was. */
    @Test
    void offersFromInside() {
        byte[] data = new byte[OfferBody.SIZE];
        int known = 0;
        for (int i = 0; i < ROUNDS; i++) {
            random.fill(data);
            ByteBuffer in = ByteBuffer.wrap(data);
            OfferBody body = OfferBody.read(dice.nextInt(16), in);
            if (body != null) {
                ByteBuffer out = ByteBuffer.allocate(OfferBody.SIZE);
                body.write(out);
                assertEquals(in.position(), out.position(), body.getClass().getSimpleName());
                assertArrayEquals(
                        Arrays.copyOf(data, in.position()), Arrays.copyOf(out.array(), out.position()), "as it was");
                if (body instanceof RemembranceBody remembrance) {
                    assertTrue(Remembrance.of(remembrance).cathedrals().size() <= RemembranceBody.SLOTS);
                }
                known++;
            }
        }
        assertTrue(known > ROUNDS / 4, "most types were tried");
        passed = true;
    }

    @Test
    void offersUnderTheRightKeyWithAnyContent() {
        OfferHeader header = new OfferHeader(Magic.KATEDRAL, 1, 2, 3);
        try (OfferCipher cipher = OfferCipher.cathedral(random.bytes(32), 1)) {
            for (int i = 0; i < ROUNDS / 4; i++) {
                byte[] data = random.bytes(Offer.DATA_SIZE);
                if (dice.nextBoolean()) {
                    ByteBuffer.wrap(data).putLong(1, NOW + dice.nextInt(21) - 10);
                }
                Offer any = new Offer(header, 0, InfoBody.answer(0, 0, 0, 0, 0), data, random.bytes(64));
                byte[] datagram = cipher.reseal(any, Magic.KATEDRAL, random);
                try {
                    Offer opened = cipher.open(datagram, 0, datagram.length, NOW);
                    assertEquals(data[0], opened.body().type());
                    assertArrayEquals(data, opened.data());
                } catch (OfferException e) {
                    assertTrue(
                            e.reason() == OfferException.Reason.CLOCK || e.reason() == OfferException.Reason.MALFORMED,
                            e.getMessage());
                }
            }
        }
        passed = true;
    }

    @Test
    void shrouds() {
        try (Shroud shroud = Shroud.peer(random.bytes(32), 0, 0)) {
            byte[] out = new byte[2000];
            for (int i = 0; i < ROUNDS; i++) {
                byte[] datagram = noise(dice.nextInt(16) == 0 ? 2000 : 200);
                int length = shroud.open(datagram, 0, datagram.length, out, 0);
                assertTrue(
                        length == -1 || length >= Shroud.MIN_INNER && length <= datagram.length - Shroud.HEADER_SIZE);
            }
        }
        passed = true;
    }

    @Test
    void remembrances() {
        int[] sizes = {260, 192, 0, 1, 191, 193, 259, 261, 4096};
        int read = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] file = random.bytes(sizes[dice.nextInt(i % 2 == 0 ? 2 : sizes.length)]);
            if (file.length > 3 && dice.nextInt(8) != 0) {
                Arrays.fill(file, 1, 4, (byte) 0);
                file[0] = 7;
            }
            try {
                assertTrue(RemembranceFile.decode(file).cathedrals().size() <= RemembranceBody.SLOTS);
                read++;
            } catch (IllegalArgumentException e) {
                assertTrue(e.getMessage().contains("remembrance"), e.getMessage());
            }
        }
        assertTrue(read > ROUNDS / 4, "many were readable");
        passed = true;
    }

    @Test
    void ambries() {
        long flock = 0x4900L;
        try (Flock made = Flock.generate(flock, random)) {
            AmbryBody good = made.bundle(10, NOW, random).find(flock, 0x0102);
            byte[] kek = made.kek(1);
            for (int i = 0; i < ROUNDS / 10; i++) {
                byte[] data = new byte[OfferBody.SIZE];
                good.write(ByteBuffer.wrap(data));
                data[dice.nextInt(120)] ^= (byte) (1 + dice.nextInt(255));
                AmbryBody changed = (AmbryBody) OfferBody.read(good.type(), ByteBuffer.wrap(data));
                assertNull(Ambry.unwrap(kek, flock, flock, changed), "a changed ambry was accepted");
            }
        }
        passed = true;
    }

    /** A bundle is large, so these are fewer. */
    @Test
    void bundles() {
        try (Flock made = Flock.generate(0x4900L, random)) {
            byte[] good = made.bundle(10, NOW, random).toBytes();
            for (int i = 0; i < 500; i++) {
                byte[] file = good.clone();
                for (int changes = dice.nextInt(4); changes >= 0; changes--) {
                    file[dice.nextInt(file.length)] = (byte) dice.nextInt();
                }
                useBundle(file);
            }
        }
        for (int i = 0; i < ROUNDS; i++) {
            useBundle(noise(300));
        }
        for (int i = 0; i < 20; i++) {
            useBundle(random.bytes(i % 2 == 0 ? AmbryBundle.INTRA_SIZE : AmbryBundle.CROSS_SIZE));
            useBundle(new byte[i % 2 == 0 ? AmbryBundle.INTRA_SIZE : AmbryBundle.CROSS_SIZE]);
        }
        passed = true;
    }

    private void useBundle(byte[] file) {
        try {
            AmbryBundle bundle = AmbryBundle.of(file);
            for (int i = 0; i < 100; i++) {
                int tunnel = dice.nextInt(1 << 17) - (1 << 16);
                AmbryBody body = bundle.find(0x4900L, tunnel);
                assertTrue(body == null || body.tunnel() == tunnel);
            }
        } catch (IOException e) {
            assertTrue(e.getMessage().startsWith("an ambry bundle"), e.getMessage());
        }
    }

    /** Of the right size a vicar costs seconds, so these are of any other. */
    @Test
    void vicars() {
        for (int i = 0; i < ROUNDS; i++) {
            byte[] file = noise(400);
            if (file.length != Vicar.FILE_SIZE) {
                assertNull(Vicar.open(file, file));
            }
        }
        passed = true;
    }

    private byte[] noise(int bound) {
        return random.bytes(dice.nextInt(bound));
    }

    /** Some bytes changed, or some cut off, or some added. */
    private byte[] mutate(byte[] good) {
        byte[] bad = good.clone();
        switch (dice.nextInt(4)) {
            case 0 -> bad = Arrays.copyOf(good, dice.nextInt(good.length));
            case 1 -> bad = Arrays.copyOf(good, good.length + dice.nextInt(900));
            default -> {}
        }
        for (int changes = dice.nextInt(4); changes >= 0 && bad.length > 0; changes--) {
            bad[dice.nextInt(bad.length)] ^= (byte) (1 << dice.nextInt(8));
        }
        return bad;
    }
}
