package tier6.tap.linux.internal;

import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import tier6.api.tap.Privileges;
import tier6.libc.Libc;
import tier6.libc.RealTime;

/**
 * Becomes another user by the C library, which does so in every thread; the system calls alone would change one
 * (nptl(7)). Looks afterwards whether it did. What the framework keeps goes to that user, too.
 */
@Component
public final class LinuxPrivileges implements Privileges {
    /** Offsets in {@code struct passwd}: behind two pointers. */
    static final int UID = 16, GID = 20;

    private static final Logger LOG = System.getLogger("tier6.tap.linux");
    private static final Path TASKS = Path.of("/proc/self/task");

    private final Path storage;

    /** Begins, in a framework that keeps its bundles in a directory. */
    @Activate
    public LinuxPrivileges(BundleContext context) {
        this(Optional.ofNullable(context.getProperty(Constants.FRAMEWORK_STORAGE))
                .map(Path::of)
                .orElse(null));
    }

    /**
     * Begins.
     *
     * @param storage what shall belong to who this process becomes; null: nothing
     */
    LinuxPrivileges(Path storage) {
        this.storage = storage;
    }

    @Override
    public void drop(String user) throws IOException {
        Pointer entry = Libc.getpwnam(user);
        if (entry == null) {
            throw new IOException("there is no user " + user + " to run as");
        }
        int uid = entry.getInt(UID);
        int gid = entry.getInt(GID);
        if (Libc.getuid() != uid) {
            handOver(user);
            RealTime.keepRight();
            check(Libc.setgroups(1, new int[] {gid}), "setgroups", user);
            check(Libc.setresgid(gid, gid, gid), "setresgid", user);
            check(Libc.setresuid(uid, uid, uid), "setresuid", user);
            verify(uid, gid);
        }
    }

    /** Bundles that come or are updated later are unpacked there. The top last: until then it keeps everybody else out. */
    private void handOver(String user) {
        if (storage == null || !Files.isDirectory(storage)) {
            return;
        }
        try (Stream<Path> all = Files.walk(storage)) {
            UserPrincipal owner =
                    storage.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.getFileAttributeView(path, FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .setOwner(owner);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.log(Level.WARNING, "bundles cannot be added or updated while this node runs: " + storage, e);
        }
    }

    private static void check(int result, String call, String user) throws IOException {
        if (result < 0) {
            int errno = Libc.errno();
            throw new IOException("cannot become user " + user + ": " + call + ": " + Libc.message(errno)
                    + (errno == Libc.EPERM ? ": only root can; start as that user instead" : ""));
        }
    }

    private static void verify(int uid, int gid) throws IOException {
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                verify(task.resolve("status"), uid, gid);
            }
        }
    }

    private static void verify(Path status, int uid, int gid) throws IOException {
        try {
            for (String line : Files.readAllLines(status)) {
                String[] words = line.split("\\s+");
                boolean kept = switch (words[0]) {
                    case "Uid:" -> !allAre(words, uid);
                    case "Gid:" -> !allAre(words, gid);
                    case "Groups:" -> !allAre(words, gid);
                    case "CapEff:", "CapPrm:" -> uid != 0 && Long.parseUnsignedLong(words[1], 16) != 0;
                    default -> false;
                };
                if (kept) {
                    throw new IOException("a thread kept its rights: " + status + " says " + line);
                }
            }
        } catch (NoSuchFileException e) {
            // A thread that ended meanwhile has no rights.
        }
    }

    private static boolean allAre(String[] words, int id) {
        for (int i = 1; i < words.length; i++) {
            if (Integer.parseUnsignedInt(words[i]) != id) {
                return false;
            }
        }
        return true;
    }
}
