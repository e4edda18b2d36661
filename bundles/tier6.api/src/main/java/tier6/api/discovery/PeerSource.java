package tier6.api.discovery;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A place from which knowledge about peers comes. A plugin registers one as a service; the mesh starts it, and stops
 * it when either of them goes.
 *
 * <p>A source says what it knows when it knows it, and does not withdraw a peer on the first sign of silence: tunnels
 * look after themselves.
 */
@ConsumerType
public interface PeerSource {
    /** A short name for people, such as {@code cathedral} or {@code static}. */
    String name();

    /**
     * Begins to look for peers. Called once, by a control thread; must not block. Peers may be announced from within
     * this call and later, from any thread, until {@link #stop}. One that gave way to a newer version of its bundle is
     * had anew when that goes: a component is another object then, a service that was registered by hand is started
     * again.
     */
    void start(PeerSink sink);

    /**
     * Ends the search and whatever threads and sockets it needed. Must return within a second. The sink ignores later
     * calls.
     */
    void stop();

    /** One line for people: what the source does now, or what is wrong and how to mend it. */
    default String status() {
        return "";
    }
}
