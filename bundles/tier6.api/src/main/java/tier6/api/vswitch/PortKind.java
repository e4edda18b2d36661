package tier6.api.vswitch;

/** What is behind a port; decides between which ports frames may pass. */
public enum PortKind {
    /** This host: the TAP. Frames pass to and from every port. */
    LOCAL,
    /** A link to a peer. In a full mesh a frame from one peer is never for another. */
    TUNNEL
}
