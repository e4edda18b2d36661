package tier6.discovery.reliquary;

/**
 * What a Reliquary tells a device at the beginning.
 *
 * @param token proves the account in later requests, 32 hexadecimal digits; empty without an account
 * @param cathedral a cathedral to begin with, {@code address:port}
 * @param natPort the second port of all cathedrals
 */
public record Access(String token, String cathedral, int natPort) {

    /** Without the token. */
    @Override
    public String toString() {
        return "Access[cathedral=" + cathedral + ", natPort=" + natPort + "]";
    }
}
