package tier6.launcher.command;

/** What was typed cannot be understood. The message says what and how to write it. */
public final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    public Unusable(String message) {
        super(message);
    }
}
