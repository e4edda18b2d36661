package tier6.tap.linux.internal;

/** What a TAP counts. In is from the system to us, out is from us to the system. */
enum TapCounter {
    FRAMES_IN,
    BYTES_IN,
    FRAMES_OUT,
    BYTES_OUT,
    /** What the kernel handed over in one read each, super-frame or not. */
    READS,
    /** Super-frames that were cut up. */
    SUPER_FRAMES_IN,
    /** Super-frames that were written. */
    SUPER_FRAMES_OUT,
    /** Frames that went out in super-frames. */
    JOINED_OUT,
    /** Time in read(2) that gave something, about. */
    NANOS_READ,
    /** Time in copying and cutting up what was read, about. */
    NANOS_CUT,
    /** Time in write(2), about. */
    NANOS_WRITE,
    /** Time in joining and copying what is written, about. */
    NANOS_JOIN,
    /** Read, but headers and offload request do not fit together. */
    DROP_IN_MALFORMED,
    /** Read, but longer than a whole batch. */
    DROP_IN_LONG,
    /** To be written, but shorter than an Ethernet header or longer than anything legal. */
    DROP_OUT_SIZE,
    /** To be written, but the interface is down. */
    DROP_OUT_DOWN,
    /** To be written, but the kernel did not take it. */
    DROP_OUT_REFUSED,
    /** To be written after close. */
    DROP_OUT_CLOSED
}
