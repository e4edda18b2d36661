package tier6.names.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.minidns.dnsmessage.DnsMessage;
import org.minidns.dnsmessage.Question;
import org.minidns.record.Record;
import tier6.admission.Fields;
import tier6.admission.FlockAddresses;
import tier6.admission.NameCertificate;
import tier6.itest.fuzz.Decoder;
import tier6.itest.fuzz.Target;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.RandomSource;

/** What programs of this host ask the name server. */
public final class NamesTargets {
    private static final long FLOCK = 0xc0ffee1234567800L;
    private static final int LONGEST_QUERY = 512;

    private NamesTargets() {}

    public static List<Target> all() {
        return List.of(new Target(
                "name-questions",
                LONGEST_QUERY,
                List.of(
                        question("laptop.home.t6", Record.TYPE.A),
                        question("home.t6", Record.TYPE.ANY),
                        question("2.0.0.100.in-addr.arpa", Record.TYPE.PTR),
                        question("example.org", Record.TYPE.MX)),
                NamesTargets::questions));
    }

    private static byte[] question(String name, Record.TYPE type) {
        return DnsMessage.builder()
                .setId(1)
                .setQuestion(new Question(name, type))
                .build()
                .toArray();
    }

    private static Decoder questions(RandomSource random) throws IOException {
        byte[] owner = Ed25519.generate(random);
        Path file = Files.createTempFile("tier6-fuzz", ".member");
        try {
            new Fields()
                    .put("flock-name", "home")
                    .put("flock", "%016x".formatted(FLOCK))
                    .put("pool", "%08x".formatted(FlockAddresses.pool(FLOCK, 0)))
                    .put("owner", HexFormat.of().formatHex(Ed25519.publicKey(owner)))
                    .put(
                            "certificate",
                            HexFormat.of()
                                    .formatHex(new NameCertificate(FLOCK, 2, 0x0a000002, 1, "laptop").sign(owner)))
                    .write(file);
            Answers answers = new Answers(new NameBook(file));
            return (input, length) -> {
                try {
                    answers.answer(Target.whole(input, length));
                } catch (IOException e) {
                    // Refused.
                }
            };
        } finally {
            Files.delete(file);
        }
    }
}
