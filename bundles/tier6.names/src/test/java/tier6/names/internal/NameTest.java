package tier6.names.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.minidns.dnsmessage.DnsMessage;
import org.minidns.dnsmessage.Question;
import org.minidns.record.Record;
import tier6.admission.Fields;
import tier6.admission.FlockAddresses;
import tier6.admission.NameCertificate;
import tier6.api.node.DeviceNames;
import tier6.api.peer.PeerId;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.RandomSource;

class NameTest {
    private static final long FLOCK = 0xc0ffee1234567800L;
    private static final int POOL = 100 << 24 | 70 << 16 | 5 << 8;

    private final byte[] owner = Ed25519.generate(RandomSource.secure());
    private NameBook book;
    private Answers answers;

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("member");
        new Fields()
                .put("flock-name", "home")
                .put("flock", "%016x".formatted(FLOCK))
                .put("pool", "%08x".formatted(POOL))
                .put("owner", HexFormat.of().formatHex(Ed25519.publicKey(owner)))
                .put(
                        "certificate",
                        HexFormat.of().formatHex(certificate(1, 1, "me").sign(owner)))
                .write(file);
        book = new NameBook(file);
        answers = new Answers(book);
    }

    private static NameCertificate certificate(int kekId, int serial, String name) {
        return new NameCertificate(FLOCK, kekId, 0x0a000000 + kekId, serial, name);
    }

    private NameBook.Heard hear(int kekId, int serial, String name) {
        return book.hear(certificate(kekId, serial, name).sign(owner));
    }

    private DnsMessage ask(String name, Record.TYPE type) throws IOException {
        byte[] answer = answers.answer(query(name, type));
        return answer == null ? null : new DnsMessage(answer);
    }

    private static byte[] query(String name, Record.TYPE type) {
        return DnsMessage.builder()
                .setId(4711)
                .setRecursionDesired(true)
                .setQuestion(new Question(name, type))
                .build()
                .toArray();
    }

    @Test
    void namesOfTheFlockHaveTheAddressesOfTheirDevices() throws IOException {
        assertEquals(NameBook.Heard.NEWS, hear(7, 100, "laptop"));
        DnsMessage four = ask("Laptop.HOME.t6", Record.TYPE.A);
        assertEquals(4711, four.id);
        assertTrue(four.qr && four.authoritativeAnswer);
        assertEquals("100.70.5.7", four.answerSection.get(0).payloadData.toString());
        DnsMessage six = ask("laptop.home.t6", Record.TYPE.AAAA);
        InetAddress expected =
                new FlockAddresses(FLOCK, POOL).of(7, 0x0a000007).get(1).ip();
        assertArrayEquals(
                expected.getAddress(), six.answerSection.get(0).payloadData.toByteArray());
        assertTrue(ask("laptop.home.t6", Record.TYPE.MX).answerSection.isEmpty());
        DnsMessage reverse = ask("7.5.70.100.in-addr.arpa", Record.TYPE.PTR);
        assertEquals("laptop.home.t6.", reverse.answerSection.get(0).payloadData.toString());
        StringBuilder nibbles = new StringBuilder("ip6.arpa");
        for (char c : HexFormat.of().formatHex(expected.getAddress()).toCharArray()) {
            nibbles.insert(0, c + ".");
        }
        reverse = ask(nibbles.toString(), Record.TYPE.PTR);
        assertEquals("laptop.home.t6.", reverse.answerSection.get(0).payloadData.toString());
    }

    @Test
    void whatNobodyIsCalledDoesNotExistAndOtherNamesAreForOthers() throws IOException {
        assertEquals(DnsMessage.RESPONSE_CODE.NX_DOMAIN, ask("nobody.home.t6", Record.TYPE.A).responseCode);
        assertEquals(DnsMessage.RESPONSE_CODE.NO_ERROR, ask("home.t6", Record.TYPE.A).responseCode);
        assertNull(ask("example.org", Record.TYPE.A));
        assertNull(ask("laptop.other.t6", Record.TYPE.A));
        assertNull(ask("1.2.0.192.in-addr.arpa", Record.TYPE.PTR));
        DnsMessage failure = new DnsMessage(Answers.failure(query("example.org", Record.TYPE.A)));
        assertEquals(DnsMessage.RESPONSE_CODE.SERVER_FAIL, failure.responseCode);
    }

    @Test
    void theHighestSerialNumberHolds() throws IOException {
        assertEquals(NameBook.Heard.NEWS, hear(7, 100, "old"));
        assertEquals(NameBook.Heard.NEWS, hear(7, 101, "new"));
        assertEquals(NameBook.Heard.KNOWN, hear(7, 100, "old"));
        assertTrue(book.find("old").isEmpty());
        assertEquals(7, book.find("new").orElseThrow().kekId());
        assertTrue(book.knows(certificate(7, 101, "new").sign(owner)));
        assertEquals(NameBook.Heard.KNOWN, hear(1, 999, "impostor"), "nobody tells this device its own name");
    }

    @Test
    void devicesAreListedByTheirPresentNames() {
        hear(9, 100, "laptop");
        hear(7, 100, "desk");
        hear(8, 101, "laptop");
        assertEquals(
                List.of("01 me.home.t6", "07 desk.home.t6", "08 laptop.home.t6"),
                book.devices().stream()
                        .map(device -> "%02x %s".formatted(device.id().device(), device.fullName()))
                        .toList());
        DeviceNames names = book::devices;
        assertEquals(
                new PeerId(FLOCK, 8), names.find("Laptop.home.t6").orElseThrow().id());
        assertEquals(
                "/100.70.5.7",
                names.find("desk").orElseThrow().addresses().get(0).toString());
        assertTrue(names.find("laptop.other.t6").isEmpty());
    }

    @Test
    void onlyTheOwnerOfTheFlockNamesItsDevices() {
        byte[] other = Ed25519.generate(RandomSource.secure());
        assertEquals(NameBook.Heard.BAD, book.hear(certificate(7, 1, "laptop").sign(other)));
        NameCertificate stranger = new NameCertificate(0xbadf00d123456700L, 7, 1, 1, "laptop");
        assertEquals(NameBook.Heard.BAD, book.hear(stranger.sign(owner)));
        byte[] good = certificate(7, 1, "laptop").sign(owner);
        for (int i = 0; i < good.length; i++) {
            byte[] changed = good.clone();
            changed[i] ^= 1;
            assertEquals(NameBook.Heard.BAD, book.hear(changed), "byte " + i);
        }
        assertEquals(1, book.size());
    }

    @Test
    void namesAreLabelsOfHostNames() {
        assertEquals("my-laptop", NameCertificate.toName("My Laptop!.example.org"));
        assertEquals("device", NameCertificate.toName("--"));
        assertEquals(63, NameCertificate.toName("x".repeat(100)).length());
        for (String wrong : List.of("", "-a", "a-", "a.b", "A", "a b", "ä", "x".repeat(64))) {
            assertFalse(NameCertificate.isName(wrong), wrong);
        }
    }

    @Test
    void noiseIsNotAnswered() {
        Random random = new Random(6);
        int answered = 0;
        byte[] query = query("laptop.home.t6", Record.TYPE.A);
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = query.clone();
            for (int n = random.nextInt(6); n >= 0; n--) {
                noise[random.nextInt(noise.length)] = (byte) random.nextInt();
            }
            try {
                byte[] answer = answers.answer(noise);
                answered += answer == null ? 0 : 1;
                assertTrue(answer == null || answer.length < 512);
            } catch (IOException e) {
                // Not understood, which the server says in its log at most.
            }
        }
        assertTrue(answered > 0 && answered < 20_000, answered + " answers");
        // A record of type NSEC3 that says it is shorter than its own salt.
        byte[] found = HexFormat.of()
                .parseHex("00010000000004686f6d650000003200ff00010000" + "000100000000000004786f6d650000003200ff0001");
        assertThrows(IOException.class, () -> answers.answer(found));
    }

    @Test
    void aNameThatIsTooLongIsNotAnswered() {
        String label = "3f" + "61".repeat(63);
        byte[] question = HexFormat.of().parseHex("000100000001000000000000" + label.repeat(5) + "0000010001");
        assertThrows(IOException.class, () -> answers.answer(question));
    }

    @Test
    void theLinesOfOthersStayInResolvConf(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("resolv.conf");
        String before = "search example.org\nnameserver 192.0.2.1\nnameserver 2001:db8::1\n";
        Files.writeString(file, before);
        ResolvConf conf = new ResolvConf(file, "tier6 t6-home", InetAddress.getByName("127.6.0.1"));
        try {
            List<String> lines = Files.readAllLines(file);
            assertEquals(
                    List.of("# begin tier6 t6-home", "nameserver 127.6.0.1", "# end tier6 t6-home"),
                    lines.subList(0, 3));
            assertEquals(
                    List.of(InetAddress.getByName("192.0.2.1"), InetAddress.getByName("2001:db8::1")),
                    ResolvConf.servers(file, "tier6 t6-home"));
            Files.writeString(file, Files.readString(file) + "options edns0\n");
        } finally {
            conf.close();
        }
        assertEquals(before + "options edns0\n", Files.readString(file));
    }
}
