package tier6.discovery.reliquary;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Requests to one host, and what it answers. Blocks. */
interface Exchange extends AutoCloseable {
    /** What came back. */
    record Answer(int status, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /** The host, for people. */
    String host();

    /** Asks. */
    Answer get(String path, String token) throws IOException;

    /** Sends. The body is the caller's to clear. */
    Answer post(String path, String token, byte[] body) throws IOException;

    @Override
    void close();
}
