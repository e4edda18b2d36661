package tier6.admission;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tier6.api.admission.Admissions;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.RandomSource;

/** Devices that ask at the door of a flock, over TCP of this host. */
class AdmissionTest {
    private static final RandomSource RANDOM = RandomSource.secure();
    private static final Duration DAY = Duration.ofDays(1);

    /** Making the keys of a flock takes time: once for all. */
    @TempDir
    private static Path template;

    private static int port;

    @TempDir
    private Path directory;

    private FlockHome home;
    private AdmissionServer server;

    @BeforeAll
    static void make() throws IOException {
        port = freePort();
        InetSocketAddress local = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        FlockHome.create(
                        template.resolve("owner"),
                        new FlockHome.Plan("home", port, port + 1, List.of(local), true, true, Optional.empty()),
                        RANDOM,
                        flock -> FlockAddresses.pool(flock, 0))
                .admit(Ed25519.publicKey(Ed25519.generate(RANDOM)), "first");
    }

    @BeforeEach
    void open() throws IOException {
        try (Stream<Path> all = Files.walk(template)) {
            for (Path path : all.skip(1).toList()) {
                Files.copy(path, directory.resolve(template.relativize(path).toString()));
            }
        }
        home = FlockHome.open(directory.resolve("owner"), RANDOM);
        server = new AdmissionServer(home, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private InvitationText invite(int devices, boolean approve) throws IOException {
        return InvitationText.parse(home.invite(devices, DAY, approve).text());
    }

    private static Seat join(InvitationText invitation, byte[] cosk, String name) throws IOException {
        return AdmissionClient.join(invitation, () -> cosk, name).orElseThrow().seat();
    }

    private static byte[] newKey() {
        return Ed25519.generate(RANDOM);
    }

    @Test
    void whoIsInvitedGetsASeatThatTheCathedralKnows() throws IOException {
        byte[] cosk = newKey();
        Seat seat = join(invite(1, false), cosk, "Laptop.example");
        assertEquals("laptop", seat.name());
        assertEquals("home", seat.flockName());
        assertEquals(2, seat.kekId());
        String settings = Files.readString(directory.resolve("owner/settings.conf"));
        assertTrue(settings.contains(String.format("allow %08x spi 0x02 0", seat.csId())), settings);
        Path record = directory.resolve(String.format("owner/secretdir/flock-%016x/%08x", seat.flock(), seat.csId()));
        assertArrayEquals(seat.cs(), Files.readAllBytes(Path.of(record + ".key")));
        assertArrayEquals(Ed25519.publicKey(cosk), Files.readAllBytes(Path.of(record + ".pub")));
        Optional<NameCertificate> certificate = NameCertificate.verify(seat.certificate(), home.ownerPublic());
        assertEquals("laptop", certificate.orElseThrow().name());
        assertEquals(
                List.of("first", "laptop"),
                home.devices().stream().map(Admissions.Device::name).toList());
    }

    @Test
    void whoComesAgainGetsTheSameSeatAndAnotherDeviceWithTheSameNameAnotherName() throws IOException {
        InvitationText invitation = invite(2, false);
        byte[] cosk = newKey();
        Seat seat = join(invitation, cosk, "pc");
        Seat again = join(invitation, cosk, "pc");
        assertEquals(seat.kekId(), again.kekId());
        assertArrayEquals(seat.cs(), again.cs());
        Seat other = join(invitation, newKey(), "pc");
        assertEquals("pc-2", other.name());
        assertNotEquals(seat.csId(), other.csId());
        assertRefused("is used up, for it was for 2 devices", invitation);
    }

    @Test
    void invitationsThatEndedSayWhy() throws IOException {
        Admissions.NewInvitation made = home.invite(1, DAY, false);
        InvitationText invitation = InvitationText.parse(made.text());
        Path file =
                directory.resolve("owner/invitations").resolve(made.invitation().id());
        Fields.read(file).put("expires", Instant.now().getEpochSecond() - 1).write(file);
        assertRefused("has expired", invitation);
        assertTrue(home.invitations().isEmpty());
        InvitationText second = invite(1, false);
        home.revokeInvitation(InvitationText.name(second.id()));
        assertRefused("was revoked", second);
        assertRefused("does not know this invitation", with(second, second.id() + 1, second.fingerprint()));
        byte[] otherSecret = second.secret().clone();
        otherSecret[0] ^= 1;
        assertRefused(
                "does not know this invitation",
                new InvitationText(second.servers(), second.id(), otherSecret, second.fingerprint()));
    }

    @Test
    void whoKnowsTheInvitationIsNotTakenForTheOwner() throws IOException {
        InvitationText invitation = invite(1, false);
        byte[] otherOwner = invitation.fingerprint().clone();
        otherOwner[3] ^= 1;
        // The key depends on the fingerprint, so this is refused before anything is said.
        assertRefused("does not know this invitation", with(invitation, invitation.id(), otherOwner));
        byte[] binding = new byte[Psk.BINDING_SIZE];
        byte[] impostor = newKey();
        byte[] reply = Talk.reply(
                new Talk.Reply(Talk.Status.DONE, null, null),
                Ed25519.publicKey(impostor),
                data -> Ed25519.sign(impostor, data),
                binding);
        AdmissionException e =
                assertThrows(AdmissionException.class, () -> Talk.reply(reply, invitation.fingerprint(), binding));
        assertTrue(e.getMessage().contains("not the owner of the flock"), e.getMessage());
    }

    private static InvitationText with(InvitationText invitation, int id, byte[] fingerprint) {
        return new InvitationText(invitation.servers(), id, invitation.secret(), fingerprint);
    }

    @Test
    void approvalIsWaitedFor() throws IOException {
        InvitationText invitation = invite(2, true);
        byte[] cosk = newKey();
        assertTrue(AdmissionClient.join(invitation, () -> cosk, "guest").isEmpty());
        assertTrue(AdmissionClient.join(invitation, () -> cosk, "guest").isEmpty());
        Admissions.Waiting waiting = home.waiting().get(0);
        assertEquals(1, home.waiting().size());
        assertEquals("guest", waiting.name());
        assertEquals(Fingerprint.text(Ed25519.publicKey(cosk)), waiting.fingerprint());
        home.approve("guest");
        assertEquals(2, join(invitation, cosk, "guest").kekId());
        assertTrue(home.waiting().isEmpty());
        byte[] second = newKey();
        assertTrue(AdmissionClient.join(invitation, () -> second, "stranger").isEmpty());
        home.refuse(Fingerprint.text(Ed25519.publicKey(second)).substring(0, 8));
        AdmissionException e = assertThrows(
                AdmissionException.class, () -> AdmissionClient.join(invitation, () -> second, "stranger"));
        assertTrue(e.getMessage().contains("refused this device"), e.getMessage());
        assertThrows(IOException.class, () -> home.approve("nobody"));
    }

    @Test
    void whoIsInRenamesItselfAndLeavesAndWhoIsRevokedCannot() throws IOException {
        byte[] cosk = newKey();
        Seat seat = join(invite(2, false), cosk, "old");
        try (AdmissionClient.Member member = member(seat, cosk)) {
            Seat renamed = AdmissionClient.rename(member, "new");
            assertEquals("new", renamed.name());
            int serial = NameCertificate.read(seat.certificate()).orElseThrow().serial();
            int next = NameCertificate.read(renamed.certificate()).orElseThrow().serial();
            assertTrue(Integer.compareUnsigned(next, serial) > 0);
            AdmissionException e =
                    assertThrows(AdmissionException.class, () -> AdmissionClient.rename(member, "first"));
            assertTrue(e.getMessage().contains("another device is called first"), e.getMessage());
            byte[] kek = seat.kek().clone();
            byte[] ambry = Files.readAllBytes(directory.resolve("owner/ambry.bundle"));
            AdmissionClient.leave(member);
            assertEquals(1, home.devices().size());
            String settings = Files.readString(directory.resolve("owner/settings.conf"));
            assertFalse(settings.contains(String.format("%08x", seat.csId())), settings);
            Path newKek = directory.resolve(String.format("owner/%016x/kek-data/kek-0x02", seat.flock()));
            assertNotEquals(
                    new String(kek, StandardCharsets.ISO_8859_1),
                    new String(Files.readAllBytes(newKek), StandardCharsets.ISO_8859_1));
            assertNotEquals(
                    new String(ambry, StandardCharsets.ISO_8859_1),
                    new String(
                            Files.readAllBytes(directory.resolve("owner/ambry.bundle")), StandardCharsets.ISO_8859_1));
            e = assertThrows(AdmissionException.class, () -> AdmissionClient.leave(member));
            assertTrue(e.getMessage().contains("does not know this device"), e.getMessage());
        }
        assertEquals(3, join(invite(1, false), newKey(), "next").kekId(), "numbers go round");
        assertThrows(IOException.class, () -> home.revoke("first"));
    }

    @Test
    void anAddressThatIsUsedIsNotGiven() throws Exception {
        List<String> asked = new ArrayList<>();
        home.consult(address -> {
            asked.add(address.getHostAddress().replaceAll(".*\\.", ""));
            return asked.size() == 1 ? Optional.of("a printer") : Optional.empty();
        });
        InvitationText invitation = invite(2, false);
        byte[] cosk = newKey();
        assertEquals(3, join(invitation, cosk, "pc").kekId());
        assertEquals(3, join(invitation, cosk, "pc").kekId());
        assertEquals(List.of("2", "3"), asked, "who comes again has its address already");
        home.consult(address -> Optional.of("a proxy that claims them all"));
        assertEquals(8, join(invitation, newKey(), "pc").kekId());
    }

    private AdmissionClient.Member member(Seat seat, byte[] cosk) {
        return new AdmissionClient.Member(server.local(), seat.csId(), seat.cs().clone(), cosk.clone(), seat.owner());
    }

    @Test
    void nobodyComesInWithTheCathedralSecretAlone() throws IOException {
        Seat seat = join(invite(1, false), newKey(), "device");
        try (AdmissionClient.Member thief = member(seat, newKey())) {
            AdmissionException e = assertThrows(AdmissionException.class, () -> AdmissionClient.leave(thief));
            assertTrue(e.getMessage().contains("not the signing key"), e.getMessage());
        }
        assertEquals(2, home.devices().size());
    }

    private static void assertRefused(String why, InvitationText invitation) {
        AdmissionException e = assertThrows(
                AdmissionException.class, () -> AdmissionClient.join(invitation, AdmissionTest::newKey, "device"));
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }

    @Test
    void aTextWithAMistakeIsNotAccepted() throws IOException {
        byte[] text = home.invite(1, DAY, false).text();
        String lower = new String(text, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
        assertEquals(
                InvitationText.parse(text).id(),
                InvitationText.parse((" " + lower.substring(0, 20) + "\n" + lower.substring(20) + "\n")
                                .getBytes(StandardCharsets.US_ASCII))
                        .id());
        for (int i = 0; i < text.length; i++) {
            byte[] changed = text.clone();
            changed[i] = (byte) (changed[i] == 'A' ? 'B' : 'A');
            assertThrows(AdmissionException.class, () -> InvitationText.parse(changed), "at " + i);
            byte[] cut = Arrays.copyOf(text, i);
            assertThrows(AdmissionException.class, () -> InvitationText.parse(cut), "cut at " + i);
        }
    }

    @Test
    void strangersDoNotFillTheLog() throws Exception {
        List<String> lines = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                lines.add(record.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger log = Logger.getLogger("tier6.admission");
        log.addHandler(handler);
        try {
            for (int i = 0; i < 100; i++) {
                try (Socket stranger = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    stranger.setSoTimeout(10_000);
                    stranger.getOutputStream().write(RANDOM.bytes(64));
                    stranger.shutdownOutput();
                    // Until it hangs up, after which it may have said something in the log.
                    stranger.getInputStream().readAllBytes();
                } catch (SocketException e) {
                    // It hung up at once.
                }
            }
            // Who is invited is heard all the same, as soon as this address may try again.
            Thread.sleep(1_500);
            join(invite(1, false), newKey(), "guest");
        } finally {
            log.removeHandler(handler);
        }
        assertEquals(
                1,
                lines.stream().filter(line -> line.contains("came to the door")).count(),
                lines.toString());
        assertEquals(2, lines.size(), lines.toString());
    }
}
