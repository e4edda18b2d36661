package tier6.tap.memory;

/** What a {@link MemoryHost} counts. */
enum HostCount {
    /** Answers to ARP requests and neighbour solicitations. */
    NEIGHBOUR_ANSWERS,
    /** Answers to echo requests. */
    ECHO_ANSWERS,
    /** Answers to our own echo requests. */
    ECHO_REPLIES,
    /** A length or a field that cannot be. */
    DROP_MALFORMED,
    DROP_CHECKSUM,
    DROP_FRAGMENT,
    /** IPv4 options or IPv6 extension headers. */
    DROP_OPTIONS,
    /** For others, of no concern, or of a kind that this host does not speak. */
    DROP_IGNORED
}
