package tier6.cathedral;

import java.net.InetSocketAddress;

/** A device that takes part in a liturgy (specification section 9.5). Times are the core's own milliseconds. */
final class Liturgy {
    final int id;
    final boolean signaling;
    int csId;
    Device.Usage usage;
    InetSocketAddress address;
    int group;
    boolean hidden;
    byte[] peers;
    boolean federated;
    long announcedAt;
    long answerAt;
    long remembranceAt;
    int credit;

    Liturgy(int id, int csId, boolean signaling, Device.Usage usage) {
        this.id = id;
        this.csId = csId;
        this.signaling = signaling;
        this.usage = usage;
    }

    /** Whether this one is told about the other: same group, not both hidden, and wanted if both are signaling. */
    boolean sees(Liturgy other) {
        return other != this
                && group == other.group
                && !(hidden && other.hidden)
                && (!(signaling && other.signaling) || peers[other.id] != 0 || other.peers[id] != 0);
    }

    /** Where it stands in its congregation. */
    int key() {
        return key(id, signaling);
    }

    static int key(int id, boolean signaling) {
        return id << 1 | (signaling ? 1 : 0);
    }
}
