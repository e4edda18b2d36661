package tier6.discovery.reliquary;

/**
 * A new account.
 *
 * @param accountKey 64 hexadecimal digits; who has it owns the account, and nobody else keeps it
 * @param access what the device is given
 */
public record Registration(String accountKey, Access access) {

    /** Without the key. */
    @Override
    public String toString() {
        return "Registration[" + access + "]";
    }
}
