package tier6.discovery.file.internal;

import java.io.IOException;

/** Something that knows peers and is asked again and again, by one thread. */
interface Origin {
    /** Asks; may block. While it throws, everything stays as it is. */
    Answer ask() throws IOException;
}
