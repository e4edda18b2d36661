package tier6.admission;

import tier6.sanctum.crypto.Secrets;

/**
 * A device's place in a flock: what the owner gives it. The secrets are the seat's own; they are zero after {@link #close}.
 *
 * @param flock id with its domain
 * @param flockName what people call it
 * @param kekId number of the device
 * @param csId what it is at the cathedral
 * @param name what people call it, perhaps not what it wished for
 * @param cs cathedral secret
 * @param kek key-encryption key
 * @param owner public key of the flock's owner
 * @param certificate of the name, see {@link NameCertificate}
 * @param pool IPv4 network, see {@link FlockAddresses}
 * @param addressed whether devices have addresses and names
 * @param port UDP port of the cathedral
 * @param natPort its second one
 */
public record Seat(
        long flock,
        String flockName,
        int kekId,
        int csId,
        String name,
        byte[] cs,
        byte[] kek,
        byte[] owner,
        byte[] certificate,
        int pool,
        boolean addressed,
        int port,
        int natPort)
        implements AutoCloseable {

    /** What addresses it has; to be used if {@link #addressed}. */
    public FlockAddresses addresses() {
        return new FlockAddresses(flock, pool);
    }

    @Override
    public void close() {
        Secrets.clear(cs, kek);
    }

    /** Says who, and no secret. */
    @Override
    public String toString() {
        return "Seat[" + name + "." + flockName + "]";
    }
}
