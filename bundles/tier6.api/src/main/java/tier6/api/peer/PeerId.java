package tier6.api.peer;

/**
 * Names a device of a flock.
 *
 * @param flock 64-bit flock id, the lower 8 bits its domain (specification section 1)
 * @param device the device's number in the flock, its kek-id: 1 to 254
 */
public record PeerId(long flock, int device) implements Comparable<PeerId> {
    /** Checks the device number. */
    public PeerId {
        if (device < 1 || device > 254) {
            throw new IllegalArgumentException("device " + device + " is not in 1..254");
        }
    }

    @Override
    public int compareTo(PeerId other) {
        int byFlock = Long.compareUnsigned(flock, other.flock);
        return byFlock != 0 ? byFlock : Integer.compare(device, other.device);
    }

    /** {@code c0ffee1234567800/02}: flock and device in hexadecimal. */
    @Override
    public String toString() {
        return String.format("%016x/%02x", flock, device);
    }
}
