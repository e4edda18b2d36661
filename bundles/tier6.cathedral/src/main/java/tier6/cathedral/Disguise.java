package tier6.cathedral;

/**
 * How a cathedral hides what it says and to whom (specification sections 11 and 12). All its clients and federated cathedrals
 * must do the same.
 *
 * @param shroud every datagram is shrouded, in both directions
 * @param tfc offers are as long as a full data packet
 * @param mtu of the tunnels, bytes: bound of what is padded
 */
public record Disguise(boolean shroud, boolean tfc, int mtu) {
    /** Nothing is hidden. */
    public static final Disguise NONE = new Disguise(false, false, 1422);
}
