package tier6.transport.sanctum.internal;

import tier6.api.frame.Batch;
import tier6.sanctum.crypto.Secrets;
import tier6.sanctum.shroud.Shroud;

/** The shroud between two peers, under one secret of theirs (specification section 11), for all lanes. */
final class PeerShroud implements AutoCloseable {
    private final byte[] secret;
    private final long own;
    private final long theirs;

    // Each element belongs to the thread of that lane.
    private final Shroud[] lanes = new Shroud[Batch.MAX_LANES];

    /** Copies the secret. Flocks as the key exchange has them: 0 and 0 without a cathedral. */
    PeerShroud(byte[] secret, long own, long theirs) {
        this.secret = secret.clone();
        this.own = own;
        this.theirs = theirs;
    }

    /** For the thread of that lane. */
    Shroud lane(int lane) {
        if (lanes[lane] == null) {
            lanes[lane] = Shroud.peer(secret, own, theirs);
        }
        return lanes[lane];
    }

    /** Forgets keys, when no data path thread uses it any more. */
    @Override
    public void close() {
        Secrets.clear(secret);
        for (Shroud shroud : lanes) {
            if (shroud != null) {
                shroud.close();
            }
        }
    }
}
