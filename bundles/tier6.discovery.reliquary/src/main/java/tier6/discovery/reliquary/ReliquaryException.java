package tier6.discovery.reliquary;

import java.io.IOException;

/** What a Reliquary or its directory does not give. The message is a sentence for people that says what to do. */
public final class ReliquaryException extends IOException {
    private static final long serialVersionUID = 1;

    public ReliquaryException(String message) {
        super(message);
    }

    public ReliquaryException(String message, Throwable cause) {
        super(message, cause);
    }
}
