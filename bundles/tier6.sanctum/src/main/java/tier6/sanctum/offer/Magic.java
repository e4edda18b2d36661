package tier6.sanctum.offer;

/** The first eight bytes of an offer, read big-endian (specification section 1). */
public final class Magic {

    /** Key offers between peers. */
    public static final long SACRAMNT = 0x53414352414D4E54L;

    /** Between client and cathedral. */
    public static final long KATEDRAL = 0x4B4154454452414CL;

    /** NAT probes, from a client to the cathedral's NAT port. */
    public static final long CIBORIUM = 0x4349424F5249554DL;

    /** Between cathedrals. */
    public static final long CATACOMB = 0x43415441434F4D42L;

    private Magic() {}
}
