package tier6.cathedral;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import tier6.sanctum.ambry.AmbryBundle;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.file.Identity;
import tier6.sanctum.file.KeyFiles;

/**
 * Reads the files of a cathedral (specification sections 9.8, 15.2, 15.3) and notices when they change: settings, the keys of
 * every device, ambry bundles. Whatever is wrong is reported once, by line or by file, and leaves in force what worked
 * before. Blocks on the file system; one thread.
 */
public final class RosterFiles implements AutoCloseable {
    /** Key files looked at in one {@link #poll}: with more devices than that a changed key is noticed later. */
    private static final int KEYS_PER_POLL = 10_000;

    private static final Logger LOG = System.getLogger(RosterFiles.class.getName());

    private final Path settingsFile;
    private final Path secretDirectory;
    private final InetSocketAddress own;

    private long settingsStamp = Stamp.NEVER;
    private Settings settings = Settings.empty();
    private List<String> settingsProblems = List.of();
    private final Map<Path, Bundle> bundles = new HashMap<>();
    private LongMap<LongMap<Keys>> keys = new LongMap<>();
    private final List<Keys> keyOrder = new ArrayList<>();
    private int keyCursor;
    private Set<String> problems = new LinkedHashSet<>();

    /** Bundles that the roster of the next {@link #poll} has no more, and that of the last one perhaps still in use has. */
    private final List<AmbryBundle> retired = new ArrayList<>();

    /** What tells that a file changed: a number for what its directory says about it. */
    private static final class Stamp {
        static final long NEVER = 0;
        static final long MISSING = 1;

        static long of(Path path) {
            try {
                BasicFileAttributes a = Files.readAttributes(path, BasicFileAttributes.class);
                long key = a.fileKey() == null ? 0 : a.fileKey().hashCode();
                long stamp = mix(mix(a.lastModifiedTime().to(TimeUnit.NANOSECONDS)) + a.size()) + key;
                return stamp == NEVER || stamp == MISSING ? 2 : stamp;
            } catch (IOException e) {
                return MISSING;
            }
        }

        private static long mix(long bits) {
            long mixed = bits * 0x9E3779B97F4A7C15L;
            return mixed ^ mixed >>> 29;
        }
    }

    private static final class Bundle {
        long stamp = Stamp.NEVER;
        AmbryBundle content;
        String problem;
    }

    private static final class Keys {
        final long flock;
        final int csId;
        final Device.Usage usage = new Device.Usage();
        long csStamp = Stamp.NEVER;
        long coskStamp = Stamp.NEVER;
        DeviceKeys content;
        String problem;

        Keys(long flock, int csId) {
            this.flock = flock;
            this.csId = csId;
        }
    }

    /**
     * Names the files; reads nothing yet.
     *
     * @param own address of the cathedral itself, which may stand among the federations of a settings file that several share
     */
    public RosterFiles(Path settings, Path secretDirectory, InetSocketAddress own) {
        this.settingsFile = settings;
        this.secretDirectory = secretDirectory;
        this.own = own;
    }

    /**
     * Looks whether anything changed.
     *
     * @param nowMillis to tell bundles that are out of date
     * @return the new roster, or nothing if it would be the same
     */
    public Optional<Roster> poll(long nowMillis) {
        closeRetired();
        boolean changed = readSettings();
        changed |= readKeys(changed);
        changed |= readBundles(nowMillis / 1000, changed);
        report();
        return changed ? Optional.of(roster()) : Optional.empty();
    }

    /** Closes the bundles: rosters made of these files have no ambries any more. */
    @Override
    public void close() {
        closeRetired();
        bundles.values().forEach(bundle -> retire(bundle.content));
        closeRetired();
        bundles.clear();
    }

    /** What is wrong now, in words for people: {@code FILE: line N: ...} or {@code FILE: ...}. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    private boolean readSettings() {
        long stamp = Stamp.of(settingsFile);
        if (stamp == settingsStamp) {
            return false;
        }
        boolean first = settingsStamp == Stamp.NEVER;
        settingsStamp = stamp;
        List<String> lines;
        try {
            lines = Files.readString(settingsFile, StandardCharsets.ISO_8859_1)
                    .lines()
                    .toList();
        } catch (IOException e) {
            settingsProblems = List.of(settingsFile + ": "
                    + (stamp == Stamp.MISSING ? "there is no such file" : "cannot be read: " + e.getMessage())
                    + (first ? ": nobody is admitted" : ": what was read before stays in force"));
            return first;
        }
        Settings read = Settings.parse(lines);
        settingsProblems = new ArrayList<>();
        read.problems().forEach(p -> settingsProblems.add(settingsFile + ": " + p));
        if (read.problems().isEmpty()) {
            settings = read;
            LOG.log(Level.INFO, first ? "{0}: read" : "{0}: changed, read again", settingsFile);
        } else {
            settings = read.keeping(settings);
            LOG.log(
                    Level.WARNING,
                    "{0}: read, with {1} mistakes: until they are mended nothing is removed",
                    settingsFile,
                    read.problems().size());
        }
        return true;
    }

    private boolean readKeys(boolean settingsChanged) {
        boolean changed = false;
        if (settingsChanged) {
            LongMap<LongMap<Keys>> before = keys;
            keys = new LongMap<>();
            keyOrder.clear();
            keyCursor = 0;
            settings.flocks().forEach((flock, lines) -> {
                LongMap<Keys> known = before.get(flock);
                LongMap<Keys> now = new LongMap<>();
                keys.put(flock, now);
                for (Settings.Allowed allowed : lines.allows().keySet()) {
                    int csId = allowed.csId();
                    if (now.get(csId) == null) {
                        Keys k = known == null ? null : known.get(csId);
                        if (k == null) {
                            k = new Keys(flock, csId);
                            refresh(k);
                        }
                        now.put(csId, k);
                        keyOrder.add(k);
                    }
                }
            });
        }
        for (int n = Math.min(KEYS_PER_POLL, keyOrder.size()); n > 0; n--) {
            keyCursor = (keyCursor + 1) % keyOrder.size();
            changed |= refresh(keyOrder.get(keyCursor));
        }
        return changed;
    }

    private boolean refresh(Keys k) {
        // Programs do not agree whether the directory's name has leading zeroes (specification section 15.2).
        Path cs = keyFile(Long.toHexString(k.flock), k.csId);
        long csStamp = Stamp.of(cs);
        if (csStamp == Stamp.MISSING && k.flock >>> 60 == 0) {
            cs = keyFile(String.format("%016x", k.flock), k.csId);
            csStamp = Stamp.of(cs);
        }
        Path cosk = cs.resolveSibling(Device.name(k.csId) + ".pub");
        long coskStamp = Stamp.of(cosk);
        if (csStamp == k.csStamp && coskStamp == k.coskStamp) {
            return false;
        }
        k.csStamp = csStamp;
        k.coskStamp = coskStamp;
        boolean missing = csStamp == Stamp.MISSING || coskStamp == Stamp.MISSING;
        if (!missing) {
            try {
                k.content = new DeviceKeys(
                        KeyFiles.readSecret(cs, Identity.SECRET_SIZE), KeyFiles.readSecret(cosk, Ed25519.PUBLIC_SIZE));
                k.problem = null;
                return true;
            } catch (IOException e) {
                // Perhaps it is being written: what was read before is still good.
                k.problem = e.getMessage();
                return false;
            }
        }
        k.problem = (csStamp == Stamp.MISSING ? cs : cosk) + ": there is no such file, so device "
                + Device.name(k.csId) + " of flock " + Long.toHexString(k.flock)
                + " is not admitted: put it there, or remove its allow line";
        // Taking a device's keys away is a way to shut it out.
        boolean had = k.content != null;
        k.content = null;
        return had;
    }

    private Path keyFile(String flock, int csId) {
        return secretDirectory.resolve("flock-" + flock).resolve(Device.name(csId) + ".key");
    }

    private boolean readBundles(long nowSeconds, boolean settingsChanged) {
        Map<Path, Settings.Line> wanted = new HashMap<>();
        settings.flocks().values().forEach(f -> {
            if (f.ambry() != null) {
                wanted.put(path(f.ambry()), f.ambry());
            }
        });
        settings.crossings().values().forEach(line -> wanted.put(path(line), line));
        if (settingsChanged) {
            bundles.forEach((path, bundle) -> {
                if (!wanted.containsKey(path)) {
                    retire(bundle.content);
                }
            });
            bundles.keySet().retainAll(wanted.keySet());
        }
        boolean changed = false;
        for (Map.Entry<Path, Settings.Line> e : wanted.entrySet()) {
            Bundle bundle = bundles.computeIfAbsent(e.getKey(), p -> new Bundle());
            long stamp = Stamp.of(e.getKey());
            String line = settingsFile + ": line " + e.getValue().line() + ": ambry " + e.getKey();
            if (stamp != bundle.stamp) {
                bundle.stamp = stamp;
                try {
                    AmbryBundle read = AmbryBundle.open(e.getKey());
                    changed = true;
                    if (!read.expired(nowSeconds)) {
                        LOG.log(Level.INFO, "ambry {0}: generation {1}", e.getKey(), Device.name(read.generation()));
                    }
                    retire(bundle.content);
                    bundle.content = read;
                    bundle.problem = null;
                } catch (IOException x) {
                    bundle.problem = line + ": "
                            + (stamp == Stamp.MISSING ? "there is no such file" : x.getMessage())
                            + (bundle.content == null ? "" : ": the one read before stays in use");
                }
            }
            if (bundle.content != null && bundle.content.expired(nowSeconds)) {
                bundle.problem = line + ": is out of date and not handed out: make a new one";
            }
        }
        return changed;
    }

    private void retire(AmbryBundle bundle) {
        if (bundle != null) {
            retired.add(bundle);
        }
    }

    private void closeRetired() {
        retired.forEach(RosterFiles::close);
        retired.clear();
    }

    private static void close(AmbryBundle bundle) {
        try {
            bundle.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "an ambry bundle could not be closed", e);
        }
    }

    private Path path(Settings.Line line) {
        return settingsFile.toAbsolutePath().resolveSibling(line.path());
    }

    /** Most devices have one number, and one of a few bandwidths: they share the arrays. */
    private static final class Shared {
        private final Map<Integer, int[]> ints = new HashMap<>();
        private final Map<Long, long[]> longs = new HashMap<>();

        int[] of(int[] array) {
            return array.length == 1 ? ints.computeIfAbsent(array[0], same -> array) : array;
        }

        long[] of(long[] array) {
            return array.length == 1 ? longs.computeIfAbsent(array[0], same -> array) : array;
        }
    }

    private Roster roster() {
        LongMap<Flock> flocks = new LongMap<>();
        Shared shared = new Shared();
        settings.flocks().forEach((id, lines) -> {
            Flock flock = new Flock(id);
            Map<Integer, List<Map.Entry<Settings.Allowed, Long>>> byDevice = new HashMap<>();
            lines.allows()
                    .entrySet()
                    .forEach(e -> byDevice.computeIfAbsent(e.getKey().csId(), d -> new ArrayList<>())
                            .add(e));
            byDevice.forEach((csId, allows) -> {
                Keys k = keys.get(id).get(csId);
                int[] kekIds = allows.stream().mapToInt(a -> a.getKey().kekId()).toArray();
                long[] mbits = allows.stream().mapToLong(Map.Entry::getValue).toArray();
                flock.devices.put(csId, new Device(csId, shared.of(kekIds), shared.of(mbits), k.content, k.usage));
            });
            flock.ambry = lines.ambry() == null ? null : bundles.get(path(lines.ambry())).content;
            flocks.put(id, flock);
        });
        List<Crossing> crossings = new ArrayList<>();
        settings.crossings().forEach((pair, line) -> {
            if (settings.flocks().containsKey(pair.a()) && settings.flocks().containsKey(pair.b())) {
                crossings.add(new Crossing(pair.a(), pair.b(), bundles.get(path(line)).content));
            }
        });
        List<InetSocketAddress> federations = settings.federations().stream()
                .filter(f -> !f.equals(own))
                .limit(Roster.MOST_FEDERATIONS)
                .toList();
        return new Roster(flocks, crossings, federations);
    }

    private void report() {
        Set<String> now = new LinkedHashSet<>(settingsProblems);
        if (settings.federations().stream().filter(f -> !f.equals(own)).count() > Roster.MOST_FEDERATIONS) {
            now.add(settingsFile + ": more than " + Roster.MOST_FEDERATIONS
                    + " federate lines: the others are not used, for a remembrance cannot hold them");
        }
        keyOrder.stream().map(k -> k.problem).filter(Objects::nonNull).forEach(now::add);
        bundles.values().stream().map(b -> b.problem).filter(Objects::nonNull).forEach(now::add);
        Set<String> news = new HashSet<>(now);
        news.removeAll(problems);
        now.stream().filter(news::contains).forEach(p -> LOG.log(Level.WARNING, p));
        if (now.isEmpty() && !problems.isEmpty()) {
            LOG.log(Level.INFO, "{0}: all mistakes are mended", settingsFile);
        }
        problems = now;
    }
}
