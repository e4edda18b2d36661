package tier6.admission;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tier6.api.admission.Admissions;
import tier6.cathedral.CathedralConf;
import tier6.sanctum.ambry.FlockDirectory;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.Kmac256;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.crypto.Secrets;
import tier6.sanctum.file.Identity;
import tier6.sanctum.file.KeyFiles;

/**
 * The directory of a flock at its owner's:
 *
 * <pre>
 * flock.conf                  name, id, where it listens, addresses
 * owner.key  owner.pub        signing key of the owner
 * FLOCK/kek-data, …           as 'tier6 keys create-flock' makes it
 * ambry.bundle  settings.conf  secretdir/   what the cathedral reads, if it is the flock's own
 * devices/NN                  who is in
 * invitations/ID, ID.key      who may come: what is known, and the key of the conversation
 * waiting/FINGERPRINT         who waits to be approved
 * lock
 * </pre>
 *
 * The running node and the commands of the owner work on it side by side: whatever changes it holds the lock, and nothing is
 * kept in memory. All methods block on the file system; any thread.
 */
public final class FlockHome implements Admissions {
    /** How long the secrets between devices are good; the running node makes new ones long before. */
    private static final int AMBRY_DAYS = 365;

    /** Until then an invitation that ended is remembered, to be able to say so. */
    private static final Duration MEMORY = Duration.ofDays(30);

    private static final Logger LOG = System.getLogger("tier6.admission");
    private static final Duration SHORTEST = Duration.ofMinutes(1), LONGEST = Duration.ofDays(366);
    private static final int OWNERS_KEK_ID = 1;

    /** So many numbers are not given because of their addresses; who claims every address shall not close the flock. */
    private static final int MOST_PASSED_OVER = 4;

    private static final long LOCK_PATIENCE_MILLIS = 10_000;
    private static final HexFormat HEX = HexFormat.of();

    private final Path root;
    private final RandomSource random;
    private final Fields conf;
    private final long flock;
    private final CathedralFiles cathedral;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile AddressQuery query = address -> Optional.empty();

    private FlockHome(Path root, RandomSource random) throws IOException {
        this.root = root.toAbsolutePath();
        this.random = random;
        conf = Fields.read(this.root.resolve("flock.conf"));
        flock = conf.hex("flock");
        cathedral = CathedralFiles.of(flock, conf, this.root);
    }

    /**
     * What a new flock is to be.
     *
     * @param name what people call it
     * @param port UDP port of the cathedral
     * @param natPort its second UDP port, or 0 for none
     * @param servers where others reach it, as invitations say
     * @param addressed whether devices have addresses and names
     * @param ipv4 whether they have IPv4 addresses
     * @param cathedral a cathedral of this host that is to have the flock; empty: one of its own
     */
    public record Plan(
            String name,
            int port,
            int natPort,
            List<InetSocketAddress> servers,
            boolean addressed,
            boolean ipv4,
            Optional<CathedralConf> cathedral) {}

    /** Makes a flock in a directory that is not there yet. Computes for about a second and writes some megabytes. */
    public static FlockHome create(Path directory, Plan plan, RandomSource random, PoolChoice pools)
            throws IOException {
        Path root = KeyFiles.makePrivate(directory.toAbsolutePath());
        long flock = random.nextLong() & ~0xffL;
        for (String part : List.of("devices", "invitations", "waiting")) {
            KeyFiles.makePrivate(root.resolve(part));
        }
        byte[] owner = Ed25519.generate(random);
        try {
            KeyFiles.writeSecret(root.resolve("owner.key"), owner);
            KeyFiles.writePublic(root.resolve("owner.pub"), Ed25519.publicKey(owner));
        } finally {
            Secrets.clear(owner);
        }
        FlockDirectory.in(root, flock).create(random);
        Fields conf = new Fields()
                .put("name", plan.name())
                .put("flock", String.format("%016x", flock))
                .put("port", plan.port())
                .put("nat-port", plan.natPort())
                .put("servers", plan.servers().stream().map(FlockHome::text).collect(Collectors.joining(",")))
                .put("addressed", plan.addressed() ? "yes" : "no")
                .put("pool", plan.ipv4() ? String.format("%08x", pools.choose(flock)) : "0");
        if (plan.cathedral().isPresent()) {
            CathedralFiles.put(conf, plan.cathedral().get());
        }
        CathedralFiles.of(flock, conf, root).found();
        conf.write(root.resolve("flock.conf"));
        FlockHome home = new FlockHome(root, random);
        home.roll();
        return home;
    }

    /** Chooses the IPv4 network of a flock; 0 for none. */
    @FunctionalInterface
    public interface PoolChoice {
        int choose(long flock) throws IOException;
    }

    private static String text(InetSocketAddress server) {
        return server.getHostString() + ":" + server.getPort();
    }

    /** Opens the directory of a flock. */
    public static FlockHome open(Path directory, RandomSource random) throws IOException {
        if (!Files.exists(directory.resolve("flock.conf"))) {
            throw new IOException("there is no flock in " + directory + ": 'tier6 up' makes one");
        }
        return new FlockHome(directory, random);
    }

    @Override
    public String flock() {
        return conf.text("name");
    }

    /** The id of the flock. */
    public long id() {
        return flock;
    }

    /** Where others reach it. */
    public List<InetSocketAddress> servers() {
        return Stream.of(conf.text("servers").split(","))
                .filter(text -> !text.isEmpty())
                .map(FlockHome::endpoint)
                .toList();
    }

    private static InetSocketAddress endpoint(String text) {
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, colon);
        int port = Integer.parseInt(text.substring(colon + 1));
        // Only what is a number is looked up here, which asks nobody.
        return host.matches("[\\d.]+")
                ? new InetSocketAddress(host, port)
                : InetSocketAddress.createUnresolved(host, port);
    }

    /** The public key of the owner. */
    public byte[] ownerPublic() throws IOException {
        return KeyFiles.readSecret(root.resolve("owner.pub"), Ed25519.PUBLIC_SIZE);
    }

    /** Signs for the owner. */
    byte[] sign(byte[] data) throws IOException {
        byte[] owner = KeyFiles.readSecret(root.resolve("owner.key"), Ed25519.SECRET_SIZE);
        try {
            return Ed25519.sign(owner, data);
        } finally {
            Secrets.clear(owner);
        }
    }

    // ---- Invitations

    @Override
    public List<Invitation> invitations() throws IOException {
        Instant now = Instant.now();
        List<Invitation> all = new ArrayList<>();
        for (Path file : files("invitations")) {
            Fields fields = Fields.read(file);
            Invitation invitation = invitation(file.getFileName().toString(), fields);
            if (why(invitation, fields, now).isEmpty()) {
                all.add(invitation);
            }
        }
        all.sort(Comparator.comparing(Invitation::expires));
        return all;
    }

    private static Invitation invitation(String id, Fields fields) {
        return new Invitation(
                id,
                (int) fields.number("devices"),
                (int) fields.number("admitted"),
                Instant.ofEpochSecond(fields.number("expires")),
                fields.yes("approve"));
    }

    /** Why an invitation is not good any more. */
    private Optional<String> why(Invitation invitation, Fields fields, Instant now) {
        String again = ": ask the owner of flock " + flock() + " for another";
        if (fields.yes("revoked")) {
            return Optional.of("this invitation was revoked" + again);
        }
        if (!now.isBefore(invitation.expires())) {
            return Optional.of("this invitation has expired" + again);
        }
        if (invitation.admitted() >= invitation.devices()) {
            return Optional.of("this invitation is used up, for it was for " + invitation.devices() + " device"
                    + (invitation.devices() == 1 ? "" : "s") + again);
        }
        return Optional.empty();
    }

    @Override
    public NewInvitation invite(int devices, Duration lifetime, boolean approve) throws IOException {
        if (devices < 1 || devices > MOST_DEVICES) {
            throw new IOException("an invitation is for 1 to " + MOST_DEVICES + " devices, not " + devices);
        }
        if (lifetime.compareTo(SHORTEST) < 0 || lifetime.compareTo(LONGEST) > 0) {
            throw new IOException("an invitation is good for a minute to a year");
        }
        Closeable held = lock();
        try {
            forgetOld();
            int id = random.nextInt();
            String name = InvitationText.name(id);
            try (InvitationText invitation = new InvitationText(
                    servers(), id, random.bytes(InvitationText.SECRET_SIZE), Fingerprint.of(ownerPublic()))) {
                byte[] key = invitation.key();
                try {
                    KeyFiles.writeSecret(root.resolve("invitations").resolve(name + ".key"), key);
                } finally {
                    Secrets.clear(key);
                }
                Fields fields = new Fields()
                        .put("devices", devices)
                        .put("admitted", 0)
                        .put("expires", Instant.now().plus(lifetime).getEpochSecond())
                        .put("approve", approve ? "yes" : "no");
                fields.write(root.resolve("invitations").resolve(name));
                return new NewInvitation(invitation(name, fields), invitation.text());
            }
        } finally {
            held.close();
        }
    }

    @Override
    public void revokeInvitation(String id) throws IOException {
        Closeable held = lock();
        try {
            Path file = root.resolve("invitations").resolve(id);
            if (!id.matches("[0-9a-f]{8}") || !Files.exists(file)) {
                throw new IOException("there is no invitation '" + id + "': 'tier6 invitations' lists them");
            }
            Fields.read(file).put("revoked", "yes").write(file);
            for (Path waiting : files("waiting")) {
                if (Fields.read(waiting).text("invitation").equals(id)) {
                    Files.delete(waiting);
                }
            }
        } finally {
            held.close();
        }
    }

    private void forgetOld() throws IOException {
        long before = Instant.now().minus(MEMORY).getEpochSecond();
        for (Path file : files("invitations")) {
            if (Fields.read(file).number("expires") < before) {
                Files.deleteIfExists(file);
                Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".key"));
            }
        }
    }

    /** The key of the conversation with who has an invitation; empty if there is none such. The caller clears it. */
    Optional<byte[]> invitationKey(int id) throws IOException {
        Path file = root.resolve("invitations").resolve(InvitationText.name(id) + ".key");
        return KeyFiles.readSecretIfThere(file, Identity.SECRET_SIZE);
    }

    /** The key of the conversation with a device; empty if there is none such. The caller clears it. */
    Optional<byte[]> deviceKey(int csId) throws IOException {
        return cathedral.secret(csId).map(secret -> {
            try {
                return deviceKey(secret, csId);
            } finally {
                Secrets.clear(secret);
            }
        });
    }

    static byte[] deviceKey(byte[] cs, int csId) {
        return Kmac256.derive(
                cs,
                "tier6 device",
                Identity.SECRET_SIZE,
                ByteBuffer.allocate(Integer.BYTES).putInt(csId).array());
    }

    // ---- Devices

    /** Has the network asked from now on, before a device gets a number, whether its IPv4 address is free. */
    public void consult(AddressQuery network) {
        query = network;
    }

    /** What became of a wish to join. */
    sealed interface Decision {
        /** It is in. */
        record Admitted(Seat seat, boolean again) implements Decision {}

        /** It waits for the owner; perhaps it comes for the first time. */
        record Wait(boolean first) implements Decision {}
    }

    /**
     * Admits who has an invitation, or lets it wait. One that comes again with the same key gets the same seat.
     *
     * @throws AdmissionException saying why it is not let in
     */
    Decision join(int invitationId, byte[] cosk, String wish, String from) throws IOException {
        Closeable held = lock();
        try {
            String id = InvitationText.name(invitationId);
            Path file = root.resolve("invitations").resolve(id);
            Fields fields = Fields.read(file);
            for (Path path : files("devices")) {
                Fields device = Fields.read(path);
                if (device.text("cosk").equals(HEX.formatHex(cosk))
                        && device.text("invitation").equals(id)) {
                    return new Decision.Admitted(seat(kekId(path), device), true);
                }
            }
            Optional<String> why = why(invitation(id, fields), fields, Instant.now());
            if (why.isPresent()) {
                throw new AdmissionException(why.get());
            }
            if (fields.yes("approve")) {
                boolean first = register(id, cosk, wish, from);
                if (first || !approved(cosk)) {
                    return new Decision.Wait(first);
                }
            }
            Seat seat = admit(cosk, wish, id);
            fields.put("admitted", fields.number("admitted") + 1).write(file);
            return new Decision.Admitted(seat, false);
        } finally {
            held.close();
        }
    }

    /** Notes that a device waits; false if that is known. */
    private boolean register(String invitation, byte[] cosk, String wish, String from) throws IOException {
        Path file = root.resolve("waiting").resolve(Fingerprint.text(cosk));
        if (Files.exists(file)) {
            return false;
        }
        long others = 0;
        for (Path path : files("waiting")) {
            others += Fields.read(path).text("invitation").equals(invitation) ? 1 : 0;
        }
        if (others
                >= Fields.read(root.resolve("invitations").resolve(invitation)).number("devices")) {
            throw new AdmissionException("as many devices as this invitation is for wait already");
        }
        new Fields()
                .put("name", NameCertificate.toName(wish))
                .put("invitation", invitation)
                .put("since", Instant.now().getEpochSecond())
                .put("address", from)
                .write(file);
        return true;
    }

    private boolean approved(byte[] cosk) throws IOException {
        Path file = root.resolve("waiting").resolve(Fingerprint.text(cosk));
        String state = Fields.read(file).text("state");
        if (state.equals("refused")) {
            throw new AdmissionException("the owner of flock " + flock() + " refused this device");
        }
        if (state.equals("approved")) {
            Files.delete(file);
            return true;
        }
        return false;
    }

    /** Admits a device without an invitation: the owner's own. */
    public Seat admit(byte[] cosk, String wish) throws IOException {
        Closeable held = lock();
        try {
            return admit(cosk, wish, "none");
        } finally {
            held.close();
        }
    }

    private Seat admit(byte[] cosk, String wish, String invitation) throws IOException {
        int kekId = freeKekId();
        int csId = freeCsId();
        Fields device = new Fields()
                .put("name", freeName(NameCertificate.toName(wish), kekId))
                .put("cs-id", String.format("%08x", csId))
                .put("cosk", HEX.formatHex(cosk))
                .put("since", Instant.now().getEpochSecond())
                .put("serial", Instant.now().getEpochSecond())
                .put("invitation", invitation);
        device.write(device(kekId));
        return seat(kekId, device);
    }

    private int freeCsId() throws IOException {
        Set<Integer> taken = new HashSet<>(Set.of(0));
        for (Path path : files("devices")) {
            taken.add((int) Fields.read(path).hex("cs-id"));
        }
        int csId = random.nextInt();
        while (taken.contains(csId)) {
            csId = random.nextInt();
        }
        return csId;
    }

    /** Numbers go round, so that what is remembered of a device that left is not taken for its successor's. */
    private int freeKekId() throws IOException {
        Set<Integer> taken = files("devices").stream().map(FlockHome::kekId).collect(Collectors.toSet());
        Path file = root.resolve("next");
        int first = Files.exists(file) ? (int) Fields.read(file).number("kek-id") : OWNERS_KEK_ID;
        int passed = 0;
        for (int i = 0; i < Identity.MAX_KEK_ID; i++) {
            int kekId = (first - 1 + i) % Identity.MAX_KEK_ID + 1;
            if (!taken.contains(kekId) && passed < MOST_PASSED_OVER && isAddressUsed(kekId)) {
                passed++;
            } else if (!taken.contains(kekId)) {
                new Fields().put("kek-id", kekId % Identity.MAX_KEK_ID + 1).write(file);
                return kekId;
            }
        }
        throw new AdmissionException(
                "flock " + flock() + " is full: it has " + Identity.MAX_KEK_ID + " devices; its owner can revoke some");
    }

    /** Whether somebody has given the IPv4 address of a number to another machine by hand. */
    private boolean isAddressUsed(int kekId) throws IOException {
        if (pool() == 0) {
            return false;
        }
        InetAddress address = new FlockAddresses(flock, pool()).ipv4(kekId);
        try {
            Optional<String> user = query.user(address);
            user.ifPresent(who -> LOG.log(
                    Level.WARNING,
                    "number {0} is passed over, for its address {1} is used by {2}",
                    String.format("%02x", kekId),
                    address.getHostAddress(),
                    who));
            return user.isPresent();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private String freeName(String wish, int kekId) throws IOException {
        Set<String> taken = names(kekId);
        String name = wish;
        for (int n = 2; taken.contains(name); n++) {
            String suffix = "-" + n;
            name = wish.substring(0, Math.min(wish.length(), 63 - suffix.length())) + suffix;
        }
        return name;
    }

    /** The names of the other devices. */
    private Set<String> names(int kekId) throws IOException {
        Set<String> names = new HashSet<>();
        for (Path path : files("devices")) {
            if (kekId(path) != kekId) {
                names.add(Fields.read(path).text("name"));
            }
        }
        return names;
    }

    /** What a device gets, making whatever of it is missing: a command that was interrupted can be given again. */
    private Seat seat(int kekId, Fields device) throws IOException {
        int csId = (int) device.hex("cs-id");
        byte[] cs = cathedral.secret(csId).orElseGet(() -> random.bytes(Identity.SECRET_SIZE));
        cathedral.admit(csId, kekId, cs, HEX.parseHex(device.text("cosk")));
        NameCertificate certificate =
                new NameCertificate(flock, kekId, csId, (int) device.number("serial"), device.text("name"));
        byte[] owner = KeyFiles.readSecret(root.resolve("owner.key"), Ed25519.SECRET_SIZE);
        try {
            return new Seat(
                    flock,
                    flock(),
                    kekId,
                    csId,
                    certificate.name(),
                    cs,
                    keks().readKek(kekId),
                    ownerPublic(),
                    certificate.sign(owner),
                    pool(),
                    conf.yes("addressed"),
                    (int) conf.number("port"),
                    (int) conf.number("nat-port"));
        } finally {
            Secrets.clear(owner);
        }
    }

    private int pool() {
        return (int) conf.hex("pool");
    }

    private Path device(int kekId) {
        return root.resolve("devices").resolve(String.format("%02x", kekId));
    }

    private static int kekId(Path device) {
        return Integer.parseInt(device.getFileName().toString(), 16);
    }

    private FlockDirectory keks() {
        return FlockDirectory.in(root, flock);
    }

    @Override
    public List<Device> devices() throws IOException {
        List<Device> all = new ArrayList<>();
        for (Path path : files("devices")) {
            int kekId = kekId(path);
            Fields device = Fields.read(path);
            int csId = (int) device.hex("cs-id");
            List<String> addresses = conf.yes("addressed")
                    ? new FlockAddresses(flock, pool())
                            .of(kekId, csId).stream().map(Object::toString).toList()
                    : List.of();
            all.add(new Device(
                    kekId,
                    csId,
                    device.text("name"),
                    Fingerprint.text(HEX.parseHex(device.text("cosk"))),
                    Instant.ofEpochSecond(device.number("since")),
                    addresses));
        }
        return all;
    }

    private Path deviceOf(int csId) throws IOException {
        for (Path path : files("devices")) {
            if ((int) Fields.read(path).hex("cs-id") == csId) {
                return path;
            }
        }
        throw new AdmissionException("this device is not in flock " + flock() + " any more");
    }

    /** The public half of a device's signing key. */
    byte[] cosk(int csId) throws IOException {
        return HEX.parseHex(Fields.read(deviceOf(csId)).text("cosk"));
    }

    /** Gives a device another name. */
    public Seat rename(int csId, String name) throws IOException {
        if (!NameCertificate.isName(name)) {
            throw new AdmissionException("'" + name
                    + "' is no name for a device: take small letters, digits and hyphens between them, 63 at most");
        }
        Closeable held = lock();
        try {
            Path path = deviceOf(csId);
            if (names(kekId(path)).contains(name)) {
                throw new AdmissionException("another device is called " + name + " already");
            }
            Fields device = Fields.read(path);
            long serial = Math.max(device.number("serial") + 1, Instant.now().getEpochSecond());
            device.put("name", name).put("serial", serial).write(path);
            return seat(kekId(path), device);
        } finally {
            held.close();
        }
    }

    @Override
    public void revoke(String device) throws IOException {
        Closeable held = lock();
        try {
            List<Path> found = new ArrayList<>();
            for (Path path : files("devices")) {
                if (Fields.read(path).text("name").equals(device)
                        || path.getFileName().toString().equals(device)) {
                    found.add(path);
                }
            }
            if (found.size() != 1) {
                throw new IOException(
                        found.isEmpty()
                                ? "there is no device '" + device + "' in flock " + flock()
                                        + ": 'tier6 devices' lists them"
                                : "'" + device + "' is the name of one device and the number of another:"
                                        + " rename the one first");
            }
            remove(found.get(0));
        } finally {
            held.close();
        }
    }

    /** A device goes of its own accord. */
    void leave(int csId) throws IOException {
        Closeable held = lock();
        try {
            remove(deviceOf(csId));
        } finally {
            held.close();
        }
    }

    private void remove(Path path) throws IOException {
        Fields device = Fields.read(path);
        if (device.text("invitation").equals("none")) {
            throw new AdmissionException("device " + device.text("name")
                    + " keeps the flock itself: without it there is none; 'tier6 leave' there gives the flock up");
        }
        cathedral.remove((int) device.hex("cs-id"));
        keks().renew(kekId(path), random);
        roll();
        Files.delete(path);
    }

    /** Takes the flock from its cathedral; what is left of it is its directory. */
    public void giveUp() throws IOException {
        Closeable held = lock();
        try {
            List<Integer> csIds = new ArrayList<>();
            for (Path path : files("devices")) {
                csIds.add((int) Fields.read(path).hex("cs-id"));
            }
            cathedral.dissolve(csIds);
        } finally {
            held.close();
        }
    }

    /** Whether this user, who is not root, can keep it once the directory is the user's. */
    public boolean canBeKeptBy(String user) throws IOException {
        return cathedral.areOf(user);
    }

    /** Makes new secrets for all pairs of devices. Who was removed cannot read them. */
    public void roll() throws IOException {
        Closeable held = lock();
        try {
            FlockDirectory keks = keks();
            cathedral.write(keks.bundle(keks, AMBRY_DAYS, Instant.now().getEpochSecond(), random));
        } finally {
            held.close();
        }
    }

    /** When the secrets between devices were made. */
    public Instant rolled() throws IOException {
        return Files.getLastModifiedTime(cathedral.ambries()).toInstant();
    }

    // ---- Approval

    @Override
    public List<Waiting> waiting() throws IOException {
        List<Waiting> all = new ArrayList<>();
        for (Path path : files("waiting")) {
            Fields fields = Fields.read(path);
            if (fields.text("state").isEmpty()) {
                all.add(new Waiting(
                        path.getFileName().toString(),
                        fields.text("name"),
                        fields.text("invitation"),
                        Instant.ofEpochSecond(fields.number("since")),
                        fields.text("address")));
            }
        }
        all.sort(Comparator.comparing(Waiting::since));
        return all;
    }

    @Override
    public void approve(String device) throws IOException {
        decide(device, "approved");
    }

    @Override
    public void refuse(String device) throws IOException {
        decide(device, "refused");
    }

    private void decide(String device, String state) throws IOException {
        Closeable held = lock();
        try {
            List<Waiting> found = waiting().stream()
                    .filter(w -> w.name().equals(device)
                            || device.length() >= 4 && w.fingerprint().startsWith(device))
                    .toList();
            if (found.isEmpty()) {
                throw new IOException("no device '" + device + "' waits: 'tier6 approve' lists those that do");
            }
            if (found.size() > 1) {
                throw new IOException(
                        found.size() + " devices that wait are called so: give the beginning of the fingerprint");
            }
            Path path = root.resolve("waiting").resolve(found.get(0).fingerprint());
            Fields.read(path).put("state", state).write(path);
        } finally {
            held.close();
        }
    }

    // ---- Files

    /** The files of a part, in the order of their names; not those of keys. */
    private List<Path> files(String part) throws IOException {
        try (Stream<Path> all = Files.list(root.resolve(part))) {
            return all.filter(path -> path.getFileName().toString().matches("[0-9a-f]+"))
                    .sorted()
                    .toList();
        }
    }

    /** Waits for who changes the directory now, in this process or another. */
    private Closeable lock() throws IOException {
        lock.lock();
        if (lock.getHoldCount() > 1) {
            return lock::unlock;
        }
        try {
            FileChannel channel =
                    FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                FileLock held = acquire(channel);
                return () -> {
                    try {
                        adopt();
                        held.release();
                        channel.close();
                    } finally {
                        lock.unlock();
                    }
                };
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            lock.unlock();
            throw e;
        }
    }

    private FileLock acquire(FileChannel channel) throws IOException {
        long end = System.nanoTime() + Duration.ofMillis(LOCK_PATIENCE_MILLIS).toNanos();
        while (System.nanoTime() < end) {
            try {
                FileLock held = channel.tryLock();
                if (held != null) {
                    return held;
                }
            } catch (OverlappingFileLockException e) {
                // Somebody else in this process; as good as in another.
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while " + root + " was in use", e);
            }
        }
        throw new IOException(root + " is in use by another command: try again");
    }

    /** What root wrote here must be readable for the user that the node runs as, who owns the directory. */
    private void adopt() throws IOException {
        UserPrincipal owner = Files.getOwner(root);
        if (!"root".equals(System.getProperty("user.name")) || owner.getName().equals("root")) {
            return;
        }
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.toList()) {
                if (!Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(owner)) {
                    Files.setOwner(path, owner);
                }
            }
        }
    }
}
