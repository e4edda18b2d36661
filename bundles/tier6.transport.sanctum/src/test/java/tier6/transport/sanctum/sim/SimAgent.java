package tier6.transport.sanctum.sim;

/** What a thread of a real node would do over and over: a duty cycle. */
@FunctionalInterface
public interface SimAgent {
    /**
     * Does what is due at {@link SimNetwork#nanos()}.
     *
     * @return when there is something to do again even if no datagram arrives, in the same clock
     */
    long run();
}
