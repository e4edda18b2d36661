package tier6.launcher.network;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import tier6.admission.AdmissionClient;
import tier6.admission.AdmissionException;
import tier6.admission.Fields;
import tier6.admission.Fingerprint;
import tier6.admission.FlockAddresses;
import tier6.admission.FlockHome;
import tier6.admission.InvitationText;
import tier6.admission.NameCertificate;
import tier6.admission.Seat;
import tier6.api.tap.TapConfig;
import tier6.cathedral.CathedralConf;
import tier6.cathedral.Disguise;
import tier6.diagnosis.Finding;
import tier6.diagnosis.HostExamination;
import tier6.launcher.command.Arguments;
import tier6.launcher.command.Command;
import tier6.launcher.command.Unusable;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.crypto.Secrets;
import tier6.sanctum.file.Identity;
import tier6.sanctum.file.KeyFiles;

/** Comes into a network: {@code tier6 up} makes it, {@code tier6 join} is invited. */
final class Joining {
    private static final int DEFAULT_PORT = 4500;
    private static final int MOST_PORT = 0xffff;
    private static final int MOST_TAP_NAME = 15;
    private static final long ASK_AGAIN_MILLIS = 2_000;
    private static final int MOST_INVITATION = 4_096;

    private static final String START = """
              --as NAME       what this device is called; the name of the host unless given
              --tap KIND      the driver of the interface, linux or memory
              --background, -d
                              start the node in the background; else it is a service where systemd
                              and the package's unit are, and runs in the foreground where not
              --foreground    run the node here
              --no-start      do not start it
            """;

    static final List<Command<Desk>> ALL = List.of(
            new Command<>(
                    "up",
                    "[--name FLOCK] [--as NAME] [--listen ADDRESS:PORT] [--public ADDRESS:PORT]"
                            + " [--cathedral FILE] [--devices N]"
                            + " [--for TIME] [--approve] [--qr] [--no-address] [--tap KIND] [--background]"
                            + " [--foreground] [--no-start] [--dir DIR]",
                    """
                    Makes a network, with its keys and a cathedral in this node, starts the node and shows
                    an invitation for the others. Where the network is there already: starts its node.

                      --name FLOCK    what the network is called; home unless given
                      --listen ADDRESS:PORT
                                      where the cathedral (UDP, this port and the next) and who joins
                                      (TCP) are awaited; 0.0.0.0:4500 unless given
                      --public ADDRESS:PORT
                                      where others reach that, if this host does not know, such as
                                      behind a NAT; an IPv4 address, or a name that has one
                      --cathedral FILE
                                      the cathedral of this configuration file, which runs on this host,
                                      gets the flock; there is none in this node
                      --devices N     how many devices the invitation is for; 10 unless given
                      --for TIME      how long it is good, such as 30m, 24h or 7d; 24h unless given
                      --approve       each device waits until 'tier6 approve' lets it in
                      --qr            draw it as a QR code even if this is no terminal
                      --no-address    bare Ethernet: no IP addresses and no names
                    """ + START + """
                      --dir DIR       where it is kept; /var/lib/tier6/FLOCK unless given
                    """,
                    Joining::up),
            new Command<>(
                    "join",
                    "INVITATION [--as NAME] [--wait TIME] [--no-address] [--tap KIND] [--background] [--foreground]"
                            + " [--no-start] [--dir DIR]",
                    """
                    Joins a network. This device makes its signing key itself; it is given its number, its
                    other keys and its addresses. Where the network cannot be reached, or its owner has to
                    let this device in, it waits. Given again after an interruption it goes on.

                      INVITATION      the text that begins with T6-; or a file that holds it; or - to
                                      read it from standard input. It is a secret, and others on this
                                      host can see what is typed here as long as it runs.
                      --wait TIME     how long to wait, such as 30s, 10m or 24h; until it is stopped unless
                                      given
                      --no-address    take no IP addresses and no names
                    """ + START + """
                      --dir DIR       where it is kept; /var/lib/tier6/FLOCK unless given
                    """,
                    Joining::join));

    private Joining() {}

    // ---- up

    private static void up(Arguments arguments, Desk desk) throws IOException, Unusable {
        String name = arguments.has("--name") ? arguments.text("--name") : "home";
        if (!NameCertificate.isName(name)) {
            throw new Unusable("--name '" + name + "' is no name: take small letters, digits and hyphens between them");
        }
        NetworkDirectory directory = NetworkDirectory.of(arguments, name);
        if (directory.exists()) {
            desk.tell("network %s is in %s already", directory.name(), directory.root());
            if (directory.changeUser()) {
                desk.tell("its node is not root any more, but %s", directory.user());
            }
        } else {
            checkHost(arguments);
            Optional<CathedralConf> cathedral = cathedral(arguments);
            InetSocketAddress listen = listen(arguments, cathedral);
            if (listen.getPort() == MOST_PORT) {
                throw new Unusable("--listen: port " + MOST_PORT + " has no next one, which is needed, too");
            }
            Place place = new Place(listen, servers(arguments, listen, cathedral), cathedral);
            place.checkFree();
            directory.delete();
            make(directory, name, place, arguments, desk);
            Invitations.make(directory.home(), arguments, 10, desk);
            directory.handOver();
            if (NetworkDirectory.isRoot() && directory.user().equals("-")) {
                desk.err()
                        .println("warning: the node stays root, for there is no user to become who can keep a flock:"
                                + " 'useradd --system tier6' makes one, and tier6 up again takes it");
            }
        }
        start(directory, arguments, desk);
    }

    /**
     * Where a flock is.
     *
     * @param listen TCP for who joins, and UDP for a cathedral of its own
     * @param servers the same as others know it
     * @param cathedral the cathedral that it has if none of its own
     */
    private record Place(InetSocketAddress listen, List<InetSocketAddress> servers, Optional<CathedralConf> cathedral) {
        int port() {
            return cathedral
                    .map(conf -> conf.announced().getPort())
                    .orElse(servers.get(0).getPort());
        }

        /** Another program may be there, such as one for IPsec, which has UDP 4500. */
        void checkFree() throws IOException {
            try (ServerSocket door = new ServerSocket()) {
                door.setReuseAddress(true);
                door.bind(listen);
            } catch (IOException e) {
                throw taken("TCP", listen.getPort(), e);
            }
            for (int port : cathedral.isPresent() ? new int[0] : new int[] {listen.getPort(), natPort()}) {
                try (DatagramSocket socket = new DatagramSocket(null)) {
                    socket.bind(new InetSocketAddress(listen.getAddress(), port));
                } catch (IOException e) {
                    throw taken("UDP", port, e);
                }
            }
        }

        private IOException taken(String protocol, int port, IOException cause) {
            return new IOException(
                    protocol + " " + listen.getAddress().getHostAddress() + ":" + port + " cannot be opened: "
                            + cause.getMessage()
                            + "; stop who has it, or choose another port with --listen 0.0.0.0:PORT",
                    cause);
        }

        int natPort() {
            return cathedral.map(CathedralConf::natPort).orElse(listen.getPort() + 1);
        }
    }

    private static Optional<CathedralConf> cathedral(Arguments arguments) throws IOException {
        if (!arguments.has("--cathedral")) {
            return Optional.empty();
        }
        CathedralConf conf;
        try {
            conf = CathedralConf.read(Path.of(arguments.text("--cathedral")));
        } catch (CathedralConf.Faulty e) {
            throw new IOException(e.getMessage(), e);
        }
        if (!conf.disguise().equals(Disguise.NONE)) {
            throw new IOException("this cathedral wears a shroud or pads, which devices that join do not:"
                    + " let the flock have one of its own, on another port, with --listen");
        }
        for (Path place :
                List.of(conf.secretDirectory(), conf.settings().toRealPath().getParent())) {
            if (!Files.isWritable(place)) {
                throw new IOException(place + " cannot be written, where the cathedral of "
                        + arguments.text("--cathedral") + " learns who may join: run this as its owner");
            }
        }
        return Optional.of(conf);
    }

    private static InetSocketAddress listen(Arguments arguments, Optional<CathedralConf> cathedral) throws Unusable {
        return arguments.has("--listen")
                ? arguments.endpoint("--listen")
                : cathedral.map(CathedralConf::local).orElse(new InetSocketAddress("0.0.0.0", DEFAULT_PORT));
    }

    private static List<InetSocketAddress> servers(
            Arguments arguments, InetSocketAddress listen, Optional<CathedralConf> cathedral)
            throws IOException, Unusable {
        if (arguments.has("--public")) {
            return List.of(endpoint(arguments.text("--public")));
        }
        if (cathedral.isPresent()) {
            // Who joins is told that the cathedral is where the door is.
            return List.of(new InetSocketAddress(cathedral.get().announced().getAddress(), listen.getPort()));
        }
        if (!listen.getAddress().isAnyLocalAddress()) {
            return List.of(listen);
        }
        List<InetSocketAddress> servers = HostNetwork.addresses().stream()
                .limit(InvitationText.MOST_SERVERS)
                .map(address -> new InetSocketAddress(address, listen.getPort()))
                .toList();
        if (servers.isEmpty()) {
            throw new IOException("this host has no IPv4 address that others could reach:"
                    + " say with --public ADDRESS:PORT under which one they do");
        }
        return servers;
    }

    private static InetSocketAddress endpoint(String text) throws Unusable {
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, Math.max(0, colon));
        String port = text.substring(colon + 1);
        boolean good = host.matches("[A-Za-z0-9.-]{1,100}") && port.matches("\\d{1,5}");
        if (!good || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 0xfffe) {
            throw new Unusable("--public '" + text + "' is not an IPv4 address or a name with a port, such as"
                    + " 192.0.2.1:4500");
        }
        return host.matches("[\\d.]+")
                ? new InetSocketAddress(host, Integer.parseInt(port))
                : InetSocketAddress.createUnresolved(host, Integer.parseInt(port));
    }

    private static void make(NetworkDirectory directory, String name, Place place, Arguments arguments, Desk desk)
            throws IOException {
        List<InetSocketAddress> servers = place.servers();
        boolean addressed = !arguments.has("--no-address");
        KeyFiles.makePrivate(directory.root());
        FlockHome home = FlockHome.create(
                directory.owner(),
                new FlockHome.Plan(
                        name, place.port(), place.natPort(), servers, addressed, addressed, place.cathedral()),
                desk.random(),
                Joining::pool);
        byte[] cosk = Ed25519.generate(desk.random());
        try (Seat seat = home.admit(Ed25519.publicKey(cosk), deviceName(arguments))) {
            List<String> more = List.of(
                    "keep " + directory.owner(),
                    "serve " + text(place.listen()) + " "
                            + (place.cathedral().isPresent()
                                    ? "-"
                                    : resolved(servers.get(0)).getHostAddress()));
            // This node asks its own cathedral as others do, so that it is known by an address that works for them.
            writeMember(directory, seat, cosk, servers.get(0), more, arguments);
            desk.tell("made network %s; this device is %s, number %02x", name, seat.name(), seat.kekId());
            tellAddresses(seat, arguments, desk);
        } finally {
            Secrets.clear(cosk);
        }
    }

    private static InetAddress resolved(InetSocketAddress server) throws IOException {
        InetAddress address = InetAddress.getByName(server.getHostString());
        if (address.getAddress().length != Integer.BYTES) {
            throw new IOException(server.getHostString() + " has no IPv4 address, which the protocol needs");
        }
        return address;
    }

    private static int pool(long flock) throws IOException {
        int attempt = 0;
        while (HostNetwork.reaches(FlockAddresses.pool(flock, attempt)) && attempt < 1_000) {
            attempt++;
        }
        return FlockAddresses.pool(flock, attempt);
    }

    private static String deviceName(Arguments arguments) throws IOException {
        if (arguments.has("--as")) {
            return arguments.text("--as");
        }
        Path file = Path.of("/proc/sys/kernel/hostname");
        return Files.isReadable(file)
                ? Files.readString(file).strip()
                : InetAddress.getLocalHost().getHostName();
    }

    // ---- join

    private static void join(Arguments arguments, Desk desk) throws IOException, Unusable {
        byte[] text = invitation(arguments.text("INVITATION"), desk);
        try (InvitationText invitation = InvitationText.parse(text)) {
            Secrets.clear(text);
            checkHost(arguments);
            if (!arguments.has("--dir")) {
                checkNew(invitation);
            }
            Duration patience = Invitations.time(arguments, "--wait", ChronoUnit.FOREVER.getDuration());
            NetworkDirectory.checkBase();
            try (PendingKey cosk = new PendingKey(invitation, desk.random())) {
                AdmissionClient.Joined joined = ask(invitation, cosk, deviceName(arguments), patience, desk);
                try (Seat seat = joined.seat()) {
                    NetworkDirectory directory = NetworkDirectory.of(arguments, seat.flockName());
                    if (directory.exists()) {
                        throw new IOException("there is a network in " + directory.root()
                                + " already: leave that first, or say with --dir where this one shall be");
                    }
                    writeMember(directory, seat, cosk.get(), joined.server(), List.of(), arguments);
                    directory.handOver();
                    cosk.forget();
                    desk.tell(
                            "joined network %s; this device is %s, number %02x",
                            seat.flockName(), seat.name(), seat.kekId());
                    tellAddresses(seat, arguments, desk);
                    start(directory, arguments, desk);
                }
            }
        } finally {
            Secrets.clear(text);
        }
    }

    /**
     * The signing key of a device that is not in yet. It is in a file from when a flock hears of it until the device is in or
     * refused, so that after an interruption the same device asks again.
     */
    private static final class PendingKey implements AdmissionClient.SigningKey, AutoCloseable {
        private final Path file;
        private final RandomSource random;
        private byte[] key;

        PendingKey(InvitationText invitation, RandomSource random) {
            this.file = NetworkDirectory.base().resolve(".joining-" + InvitationText.name(invitation.id()));
            this.random = random;
        }

        @Override
        public byte[] get() throws IOException {
            if (key == null) {
                key = KeyFiles.readSecretIfThere(file, Ed25519.SECRET_SIZE).orElse(null);
            }
            if (key == null) {
                key = Ed25519.generate(random);
                KeyFiles.writeSecret(file, key);
            }
            return key;
        }

        void forget() throws IOException {
            Files.deleteIfExists(file);
        }

        @Override
        public void close() {
            if (key != null) {
                Secrets.clear(key);
            }
        }
    }

    /** A host that is in needs no second seat, which would use up the invitation. */
    private static void checkNew(InvitationText invitation) throws IOException {
        for (NetworkDirectory directory : NetworkDirectory.all()) {
            byte[] owner =
                    HexFormat.of().parseHex(Fields.read(directory.member()).text("owner"));
            if (Arrays.equals(Fingerprint.of(owner), invitation.fingerprint())) {
                throw new AdmissionException("this host is in that network already: it is in " + directory.root()
                        + "; 'tier6 up --name " + directory.name()
                        + "' starts its node, 'tier6 leave' leaves it; with --dir it can be in it twice");
            }
        }
    }

    private static byte[] invitation(String typed, Desk desk) throws IOException {
        if (typed.equals("-")) {
            return read(desk.in());
        }
        if (typed.regionMatches(true, 0, "T6-", 0, 3)) {
            return typed.getBytes(StandardCharsets.UTF_8);
        }
        Path file = Path.of(typed);
        if (!Files.exists(file)) {
            throw new AdmissionException("'" + (typed.length() > 20 ? typed.substring(0, 20) + "…" : typed)
                    + "' is no invitation, which begins with T6-, and no file that holds one");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return read(in);
        }
    }

    private static byte[] read(InputStream in) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n' && text.size() < MOST_INVITATION; b = in.read()) {
            text.write(b);
        }
        return text.toByteArray();
    }

    /** Asks until there is a seat; tells what is waited for whenever that is something else. */
    private static AdmissionClient.Joined ask(
            InvitationText invitation, PendingKey cosk, String name, Duration patience, Desk desk) throws IOException {
        Instant begin = Instant.now();
        String told = "";
        while (true) {
            String obstacle;
            try {
                Optional<AdmissionClient.Joined> joined = AdmissionClient.join(invitation, cosk, name);
                if (joined.isPresent()) {
                    return joined.get();
                }
                obstacle = "the owner has not let this device in: there, 'tier6 approve %s' does; its fingerprint is %s"
                        .formatted(NameCertificate.toName(name), Fingerprint.text(Ed25519.publicKey(cosk.get())));
            } catch (AdmissionException e) {
                cosk.forget();
                throw e;
            } catch (IOException e) {
                obstacle = e.getMessage() == null ? e.toString() : e.getMessage();
            }
            if (Duration.between(begin, Instant.now()).compareTo(patience) >= 0) {
                throw new IOException("waited in vain: " + obstacle);
            }
            if (!obstacle.equals(told)) {
                told = obstacle;
                desk.tell("waiting: %s", obstacle);
                desk.tell("This host goes on asking; Ctrl-C ends that, and the same command takes it up again.");
                desk.out().flush();
            }
            pause();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(ASK_AGAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted; given again, the command goes on", e);
        }
    }

    // ---- both

    /** Before an invitation is used up: whether the node will find an interface. */
    private static void checkHost(Arguments arguments) throws IOException {
        boolean willRun = !arguments.has("--no-start") && !"memory".equals(arguments.text("--tap"));
        Optional<Finding> obstacle =
                willRun ? HostExamination.here(Optional.empty()).obstacle() : Optional.empty();
        if (obstacle.isPresent()) {
            throw new IOException(
                    obstacle.get().what() + ", and " + obstacle.get().why() + ": "
                            + obstacle.get().remedy() + "; or go on without starting the node, with --no-start");
        }
    }

    private static void writeMember(
            NetworkDirectory directory,
            Seat seat,
            byte[] cosk,
            InetSocketAddress server,
            List<String> more,
            Arguments arguments)
            throws IOException {
        KeyFiles.makePrivate(directory.root());
        try (Identity identity = new Identity(
                seat.flock(),
                seat.kekId(),
                seat.csId(),
                seat.cs().clone(),
                cosk.clone(),
                seat.kek().clone())) {
            identity.write(KeyFiles.makePrivate(directory.keys()));
        }
        put(new Fields(), seat).put("server", text(server)).write(directory.member());

        List<String> lines = new ArrayList<>(List.of(
                "# Written by tier6 " + (more.isEmpty() ? "join" : "up") + "; tier6.conf.example explains every line.",
                "runas " + directory.user(),
                "flock %016x".formatted(seat.flock()),
                "kek-id %02x".formatted(seat.kekId()),
                "cs-id %08x".formatted(seat.csId()),
                "tapname " + tapName(seat.flockName()),
                "cathedral " + server.getHostString() + ":" + seat.port(),
                "cs-path " + directory.keys().resolve(Identity.csName(seat.csId())),
                "cosk-path " + directory.keys().resolve(Identity.coskName(seat.csId())),
                "kek-path " + directory.keys().resolve(Identity.kekName(seat.kekId()))));
        if (arguments.has("--tap")) {
            lines.add("tap " + arguments.text("--tap"));
        }
        if (seat.addressed() && !arguments.has("--no-address")) {
            addresses(seat).forEach(address -> lines.add("address " + address));
            lines.add("names " + directory.member());
        }
        lines.addAll(more);
        // Last: what has this file is complete.
        KeyFiles.writeSecret(
                directory.conf(), String.join("\n", lines).concat("\n").getBytes(StandardCharsets.UTF_8));
    }

    /** What others are told, and what this device has to know to speak with the owner. */
    static Fields put(Fields fields, Seat seat) {
        return fields.put("name", seat.name())
                .put("flock-name", seat.flockName())
                .put("flock", "%016x".formatted(seat.flock()))
                .put("kek-id", "%02x".formatted(seat.kekId()))
                .put("cs-id", "%08x".formatted(seat.csId()))
                .put("pool", "%08x".formatted(seat.pool()))
                .put("owner", HexFormat.of().formatHex(seat.owner()))
                .put("certificate", HexFormat.of().formatHex(seat.certificate()));
    }

    /** Its addresses, without an IPv4 address if this host has another way into that network. */
    private static List<TapConfig.Address> addresses(Seat seat) throws IOException {
        boolean conflict = seat.pool() != 0 && HostNetwork.reaches(seat.pool());
        FlockAddresses addresses = conflict ? new FlockAddresses(seat.flock(), 0) : seat.addresses();
        return addresses.of(seat.kekId(), seat.csId());
    }

    private static void tellAddresses(Seat seat, Arguments arguments, Desk desk) throws IOException {
        if (!seat.addressed() || arguments.has("--no-address")) {
            return;
        }
        List<TapConfig.Address> addresses = addresses(seat);
        desk.tell("  name       %s.%s.t6", seat.name(), seat.flockName());
        addresses.forEach(address -> desk.tell("  address    %s", address));
        if (seat.pool() != 0 && addresses.size() == 1) {
            desk.err()
                    .println("warning: this host has a way into the IPv4 network of the flock already, so it takes no"
                            + " IPv4 address there; IPv6 works");
        }
    }

    private static String tapName(String flock) {
        String name = "t6-" + flock;
        return name.substring(0, Math.min(name.length(), MOST_TAP_NAME));
    }

    private static String text(InetSocketAddress endpoint) {
        String host = endpoint.isUnresolved()
                ? endpoint.getHostString()
                : endpoint.getAddress().getHostAddress();
        return host + ":" + endpoint.getPort();
    }

    private static void start(NetworkDirectory directory, Arguments arguments, Desk desk) throws IOException {
        desk.out().flush();
        if (desk.starter().runs(directory.conf())) {
            desk.tell(
                    "its node runs: 'tier6 status' says how it is, 'tier6 invite' makes an invitation where it was made");
        } else if (arguments.has("--no-start")) {
            desk.tell("start it with: tier6 %s", directory.conf());
        } else if (arguments.has("--background")) {
            desk.starter().background(directory.conf());
            desk.tell("the node runs in the background and logs to syslog");
        } else if (!arguments.has("--foreground") && Service.isThere()) {
            Service.enable(directory);
            desk.tell("the node runs as service %s", Service.unit(directory));
        } else {
            int status = desk.starter().run(directory.conf());
            if (status != 0) {
                throw new IOException("the node ended; what is wrong is said above");
            }
        }
    }
}
