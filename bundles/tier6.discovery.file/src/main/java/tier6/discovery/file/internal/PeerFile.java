package tier6.discovery.file.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tier6.api.peer.PeerEntry;
import tier6.api.peer.PeerId;

/** A file with a peer in each line; empty lines and those that begin with # do not count. */
final class PeerFile implements Origin {
    private static final int MOST_BYTES = 1 << 18;

    private final long flock;
    private final int self;
    private final Path file;
    private String text = "";
    private Answer answer;

    /**
     * Names a file.
     *
     * @param flock of all peers in it
     * @param self kek-id of this node: its own line, which the same file has for others, is passed over; 0 if unknown
     */
    PeerFile(long flock, int self, Path file) {
        this.flock = flock;
        this.self = self;
        this.file = file;
    }

    /** Who writes it in place is not disturbed: what changed counts once it is the same twice. */
    @Override
    public Answer ask() throws IOException {
        String now = read();
        boolean settled = now.equals(text) || answer == null;
        text = now;
        if (settled) {
            answer = parse(now);
        }
        return answer;
    }

    private String read() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new IOException(file + " has more than " + (MOST_BYTES >> 10) + " KiB; is it the file of peers?");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file + "; make it, with a line for each peer", e);
        }
    }

    private Answer parse(String content) {
        List<PeerEntry> entries = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        Map<PeerId, Integer> seen = new HashMap<>();
        int number = 0;
        for (String line : content.split("\n", -1)) {
            number++;
            if (line.isBlank() || line.strip().startsWith("#")) {
                continue;
            }
            try {
                PeerEntry entry = PeerEntry.parse(flock, line);
                Integer first = seen.putIfAbsent(entry.id(), number);
                if (first != null) {
                    throw new IllegalArgumentException("same kek-id as in line " + first + "; keep one of the two");
                }
                if (entry.id().device() != self) {
                    entries.add(entry);
                }
            } catch (IllegalArgumentException e) {
                problems.add(file + ":" + number + ": " + e.getMessage());
            }
        }
        return new Answer(entries, problems, problems.isEmpty());
    }
}
