package tier6.launcher.keys;

/** What was typed cannot be understood. The message says what and how to write it. */
final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String message) {
        super(message);
    }
}
