package tier6.api.admission;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The desk of a flock: hands out invitations, admits devices and shuts them out. A node that does not keep a flock has none.
 * Any thread; all methods block on the file system. Every {@link IOException} is a sentence for people.
 */
@ProviderType
public interface Admissions {
    /** The most devices that one invitation can be for: as many as a flock can have. */
    int MOST_DEVICES = 254;

    /**
     * An invitation, without its secret.
     *
     * @param id eight hexadecimal digits
     * @param devices how many it is for
     * @param admitted how many came by it
     * @param expires when it ends
     * @param approve whether each of them waits until it is approved
     */
    record Invitation(String id, int devices, int admitted, Instant expires, boolean approve) {}

    /**
     * An invitation that was just made.
     *
     * @param invitation what is remembered of it
     * @param text what the new device is given, in ASCII: a secret, which is not kept here; the caller clears it
     */
    record NewInvitation(Invitation invitation, byte[] text) {}

    /**
     * A device that was invited and waits to be approved.
     *
     * @param fingerprint of its signing key, 32 hexadecimal digits
     * @param name what it would like to be called
     * @param invitation id of the one that it has
     * @param since when it came first
     * @param address where it came from
     */
    record Waiting(String fingerprint, String name, String invitation, Instant since, String address) {}

    /**
     * A device of the flock.
     *
     * @param kekId its number
     * @param csId what it is at the cathedral
     * @param name unique in the flock
     * @param fingerprint of its signing key, 32 hexadecimal digits
     * @param since when it was admitted
     * @param addresses its addresses in the flock, with the length of their prefixes; none if it has none
     */
    record Device(int kekId, int csId, String name, String fingerprint, Instant since, List<String> addresses) {
        /** Keeps a copy of the addresses. */
        public Device {
            addresses = List.copyOf(addresses);
        }
    }

    /** The name of the flock. */
    String flock();

    /** Those that can still be used, the one that ends first before the others. */
    List<Invitation> invitations() throws IOException;

    /**
     * Makes an invitation.
     *
     * @param devices for how many, 1 to {@link #MOST_DEVICES}
     * @param lifetime how long it is good, a minute to a year
     * @param approve whether each of them shall wait until it is approved
     */
    NewInvitation invite(int devices, Duration lifetime, boolean approve) throws IOException;

    /** Ends an invitation. Who came by it stays; who waits is refused. */
    void revokeInvitation(String id) throws IOException;

    /** Those who wait, who came first before the others. */
    List<Waiting> waiting() throws IOException;

    /**
     * Lets a waiting device in when it asks again, which it does every few seconds.
     *
     * @param device its name, or the beginning of its fingerprint
     */
    void approve(String device) throws IOException;

    /**
     * Turns a waiting device away.
     *
     * @param device its name, or the beginning of its fingerprint
     */
    void refuse(String device) throws IOException;

    /** Who is in the flock, by number. */
    List<Device> devices() throws IOException;

    /**
     * Shuts a device out for good: takes its keys from the cathedral, renews its key-encryption key and all secrets between
     * devices. Computes for about a second; the others notice within a minute.
     *
     * @param device its name, or its number in two hexadecimal digits
     */
    void revoke(String device) throws IOException;
}
