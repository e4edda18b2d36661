package tier6.discovery.lan.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Base64;
import tier6.sanctum.crypto.AesGcm;
import tier6.sanctum.crypto.Kmac256;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.crypto.Secrets;
import tier6.sanctum.file.KeyFiles;

/**
 * What all nodes of a segment share. Announcements are sealed under one key that comes from it, so that who lacks it can
 * neither read nor write one; each pair of nodes has another that comes from it, so that what one pair says is nothing to a
 * third node. Belongs to one thread at a time.
 */
final class SegmentSecret implements AutoCloseable {
    static final int SIZE = 32;

    /** Base64 of nonce, a version-1 announcement with an IPv6 address, and tag; a TXT string holds 255 bytes. */
    static final int MOST_TEXT = 120;

    private static final String ANNOUNCEMENT_LABEL = "tier6.discovery.lan announcement 1";
    private static final String PAIR_LABEL = "tier6.discovery.lan pair 1";
    private static final byte[] NO_DATA = {};

    private final byte[] secret;
    private final byte[] key;
    private final RandomSource random;

    /** Takes the secret over and clears it in the end. */
    SegmentSecret(byte[] secret, RandomSource random) {
        this.secret = Secrets.ofSize(secret, SIZE, "the secret of the segment");
        this.key = Kmac256.derive(secret, ANNOUNCEMENT_LABEL, AesGcm.KEY_SIZE);
        this.random = random;
    }

    static SegmentSecret read(Path file, RandomSource random) throws IOException {
        return new SegmentSecret(KeyFiles.readSecret(file, SIZE), random);
    }

    /** Seals an announcement; each time it looks different. */
    String seal(Announcement announcement) {
        byte[] nonce = random.bytes(AesGcm.NONCE_SIZE);
        byte[] sealed = AesGcm.seal(key, nonce, NO_DATA, announcement.encode());
        byte[] all = ByteBuffer.allocate(nonce.length + sealed.length)
                .put(nonce)
                .put(sealed)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    }

    /** Opens what {@link #seal} made under the same secret; null if it is anything else. */
    Announcement open(String text) {
        if (text == null || text.length() > MOST_TEXT) {
            return null;
        }
        byte[] all;
        try {
            all = Base64.getUrlDecoder().decode(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            return null;
        }
        if (all.length < AesGcm.NONCE_SIZE + AesGcm.TAG_SIZE) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(all);
        byte[] nonce = new byte[AesGcm.NONCE_SIZE];
        in.get(nonce);
        byte[] sealed = new byte[in.remaining()];
        in.get(sealed);
        byte[] plain = AesGcm.open(key, nonce, NO_DATA, sealed);
        return plain == null ? null : Announcement.decode(plain);
    }

    /**
     * Writes the secret of two devices to a file that only its owner can read: whoever the directory belongs to, also while
     * this process is root still and will be that user in a moment.
     *
     * @throws IOException naming the file
     */
    void writePair(long flock, int one, int other, Path file) throws IOException {
        byte[] pair = Kmac256.derive(
                secret,
                PAIR_LABEL,
                SIZE,
                ByteBuffer.allocate(Long.BYTES).putLong(flock).array(),
                new byte[] {(byte) Math.min(one, other), (byte) Math.max(one, other)});
        try {
            KeyFiles.writeSecret(file, pair);
            UserPrincipal user = Files.getOwner(file.getParent());
            if (!user.equals(Files.getOwner(file))) {
                Files.setOwner(file, user);
            }
        } finally {
            Secrets.clear(pair);
        }
    }

    @Override
    public void close() {
        Secrets.clear(secret, key);
    }
}
