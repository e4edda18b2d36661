package tier6.shell.internal;

/** What was typed cannot be meant. Gogo shows the name of this class and the message, and fails the command. */
final class BadArgument extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    BadArgument(String message) {
        super(message);
    }
}
