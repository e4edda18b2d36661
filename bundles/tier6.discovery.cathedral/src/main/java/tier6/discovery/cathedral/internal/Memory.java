package tier6.discovery.cathedral.internal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tier6.sanctum.file.Remembrance;
import tier6.sanctum.file.RemembranceFile;

/** The remembrance in its file, written only when it changed (specification sections 15.4 and 17.2). One thread. */
final class Memory {
    private static final Logger LOG = System.getLogger(Memory.class.getName());

    private final Path file;
    private Remembrance written = new Remembrance(List.of());

    Memory(Path file) {
        this.file = file;
    }

    /** Reads the file; a missing or damaged one remembers nothing. */
    Remembrance read() {
        if (Files.exists(file)) {
            try {
                written = RemembranceFile.read(file);
            } catch (IOException e) {
                LOG.log(Level.WARNING, "cannot read the remembrance, will write it anew: " + e.getMessage());
            }
        }
        return written;
    }

    /** Writes the file if the list is another one now. */
    void write(Remembrance remembrance) {
        if (remembrance.cathedrals().isEmpty() || remembrance.equals(written)) {
            return;
        }
        // Also if it fails: one attempt and one line for each new list.
        written = remembrance;
        try {
            RemembranceFile.write(file, remembrance, RemembranceFile.Format.TIER6);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "cannot write the remembrance " + file + ": " + e.getMessage());
        }
    }
}
