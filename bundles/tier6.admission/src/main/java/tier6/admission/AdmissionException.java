package tier6.admission;

import java.io.IOException;

/** A device is not let in, or cannot ask. The message is a sentence for people and says what to do. */
public final class AdmissionException extends IOException {
    private static final long serialVersionUID = 1L;

    public AdmissionException(String message) {
        super(message);
    }
}
