package tier6.discovery.file.internal;

import java.util.List;
import tier6.api.peer.PeerEntry;

/**
 * Who is there, as far as an origin could tell.
 *
 * @param entries the peers that it names
 * @param problems what is wrong with the rest, a sentence each
 * @param complete whether who is not named is gone; otherwise something could not be read, and may have named them
 */
record Answer(List<PeerEntry> entries, List<String> problems, boolean complete) {
    Answer {
        entries = List.copyOf(entries);
        problems = List.copyOf(problems);
    }
}
