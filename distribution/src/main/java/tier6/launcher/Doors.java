package tier6.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who may write to {@code bundle}, {@code plugins}, {@code etc} or {@code lib} decides what the process does. For root that
 * must be nobody but root: this finds the doors that stand open. A directory higher up counts, too, because who may write
 * there can put another one in place. Access control lists are not looked at.
 */
final class Doors {
    private static final int GROUP_WRITES = 0020, OTHERS_WRITE = 0002, STICKY = 01000;
    private static final String ATTRIBUTES = "unix:mode,uid,gid";
    private static final int MOST_NAMED = 5;

    private final int ours;
    private final Set<Path> seen = new HashSet<>();
    private final List<String> open = new ArrayList<>();

    /** Looks for what others than root and the user {@code ours} can change. */
    private Doors(int ours) {
        this.ours = ours;
    }

    /**
     * Checks an installation that is about to run as root.
     *
     * @throws IOException saying who can write where, and how to mend it
     */
    static void check(Installation installation) throws IOException {
        if ("root".equals(System.getProperty("user.name"))) {
            refuseIfOpen(installation, behindSudo());
        }
    }

    /** Who became root by sudo may do what root may, anyhow. */
    private static int behindSudo() {
        String uid = System.getenv("SUDO_UID");
        return uid != null && uid.matches("\\d{1,9}") ? Integer.parseInt(uid) : 0;
    }

    static void refuseIfOpen(Installation installation, int ours) throws IOException {
        Path home = installation.home().toRealPath();
        if (!home.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return;
        }
        Doors doors = new Doors(ours);
        for (String name : List.of("bundle", "plugins", "etc", "lib")) {
            doors.lookInto(home.resolve(name));
        }
        if (!doors.open.isEmpty()) {
            throw new IOException("tier6 does not start as root where others decide what it runs: "
                    + String.join(", ", doors.open.subList(0, Math.min(MOST_NAMED, doors.open.size())))
                    + (doors.open.size() > MOST_NAMED ? " and " + (doors.open.size() - MOST_NAMED) + " more" : "")
                    + ". Correct it with: chown -R root:root " + home + " && chmod -R go-w " + home
                    + ". Or start tier6 as a user without rights, see README");
        }
    }

    private void lookInto(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        look(directory);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                look(file);
            }
        }
    }

    /** Looks at a path and at all above it; of a symbolic link, at what it leads to as well. */
    private void look(Path path) throws IOException {
        for (Path at = path; at != null; at = at.getParent()) {
            if (!seen.add(at)) {
                break;
            }
            if (Files.isSymbolicLink(at)) {
                if (Files.exists(at)) {
                    look(at.toRealPath());
                }
            } else {
                judge(at, path);
            }
        }
    }

    private void judge(Path at, Path beneath) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(at, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        int mode = (int) attributes.get("mode");
        int uid = (int) attributes.get("uid");
        // In a sticky directory such as /tmp nobody can replace what belongs to root.
        boolean sticky = (mode & STICKY) != 0 && !at.equals(beneath);
        if (uid != 0 && uid != ours) {
            open.add(at + " belongs to " + Files.getOwner(at, LinkOption.NOFOLLOW_LINKS));
        } else if ((mode & OTHERS_WRITE) != 0 && !sticky) {
            open.add("everybody can write to " + at);
        } else if ((mode & GROUP_WRITES) != 0 && !sticky && (int) attributes.get("gid") != 0) {
            open.add("a group can write to " + at);
        }
    }
}
