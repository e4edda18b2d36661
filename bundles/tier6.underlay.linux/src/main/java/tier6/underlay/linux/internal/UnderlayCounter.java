package tier6.underlay.linux.internal;

/** What a loop counts. */
enum UnderlayCounter {
    DATAGRAMS_IN,
    DATAGRAMS_OUT,
    /** Runs of datagrams that came as one (UDP_GRO). */
    SUPER_DATAGRAMS_IN,
    /** Runs of datagrams that went out as one (UDP_SEGMENT). */
    SUPER_DATAGRAMS_OUT,
    /** Calls of recvmmsg. */
    RECEIVE_CALLS,
    /** Calls of sendmmsg. */
    SEND_CALLS,
    /** Time in recvmmsg(2), about. */
    NANOS_RECEIVE,
    /** Time in sendmmsg(2), about. */
    NANOS_SEND,
    /** Time in copying what is sent, about. */
    NANOS_COPY,
    /** To be sent, but buffers are full. */
    DROP_FULL,
    /** To be sent, but too long for a datagram. */
    DROP_LONG,
    /** To be sent, but the system refuses: no route, a filter. */
    DROP_REFUSED
}
