package tier6.discovery.lan.internal;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tier6.itest.fuzz.Decoder;
import tier6.itest.fuzz.SanctumTargets;
import tier6.itest.fuzz.Target;
import tier6.sanctum.crypto.RandomSource;

/** What nodes say of themselves on a segment. */
public final class LanTargets {
    private static final Announcement SEED =
            new Announcement(0xc0ffee1234567800L, 2, 4500, InetAddress.getLoopbackAddress(), SanctumTargets.NOW);

    private LanTargets() {}

    public static List<Target> all() {
        RandomSource fixed = SanctumTargets.fixed();
        byte[] sealed;
        try (SegmentSecret secret = new SegmentSecret(new byte[SegmentSecret.SIZE], fixed)) {
            sealed = Target.text(secret.seal(SEED));
        }
        return List.of(
                new Target("announcements", 256, List.of(sealed), LanTargets::outside),
                new Target("announcements-inside", 64, List.of(SEED.encode()), random -> LanTargets::inside));
    }

    private static Decoder outside(RandomSource random) {
        SegmentSecret secret = new SegmentSecret(new byte[SegmentSecret.SIZE], random);
        return (input, length) -> secret.open(new String(input, 0, length, StandardCharsets.ISO_8859_1));
    }

    private static void inside(byte[] input, int length) {
        Announcement said = Announcement.decode(Target.whole(input, length));
        if (said != null && said.encode().length != length) {
            throw new AssertionError("another length");
        }
    }
}
