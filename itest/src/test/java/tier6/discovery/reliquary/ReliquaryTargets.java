package tier6.discovery.reliquary;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tier6.discovery.reliquary.internal.RoundTripTargets;
import tier6.itest.fuzz.Decoder;
import tier6.itest.fuzz.Target;

/** What a Reliquary answers, and the files that are kept of it. */
public final class ReliquaryTargets {
    private static final long FLOCK = 0xc0ffee1234567800L;
    private static final int DEVICE = 0x0a000001;
    private static final int[] STATUSES = {200, 200, 200, 200, 400, 403, 404, 500};
    private static final List<String> FILES = List.of("api", "token", "natport", "cathedral");

    private ReliquaryTargets() {}

    /** All of this package and those of the measurement. */
    public static List<Target> all() {
        List<Target> all = new ArrayList<>();
        all.add(new Target("reliquary-answers", 2048, answers(), random -> new Client()));
        all.add(new Target(
                "reliquary-files",
                512,
                List.of(
                        Target.text("0https://api.example/v1\n"),
                        Target.text("1" + "0123456789abcdef".repeat(2) + "\n"),
                        Target.text("24501\n"),
                        Target.text("3192.0.2.1:4500\n"),
                        Target.text("40a000001\n"),
                        Target.text("508\n")),
                random -> files()));
        all.addAll(RoundTripTargets.all());
        return all;
    }

    /** Which question, which status, then the answer. */
    private static List<byte[]> answers() {
        String token = "0123456789abcdef".repeat(2);
        String key = token + token;
        String access = "\"cathedral\":\"192.0.2.1:4500\",\"natport\":4501";
        return List.of(
                Target.text("00{\"account\":\"" + key + "\",\"token\":\"" + token + "\"," + access + "}"),
                Target.text("10{" + access + "}"),
                Target.text("20{\"token\":\"" + token + "\"," + access + "}"),
                Target.text("30Near - 192.0.2.1:4500\nFar - far.example:4500\n192.0.2.3:4500\n"),
                Target.text("40{\"flocks\":[{\"id\":\"c0ffee1234567800\"},{\"id\":\"badf00d123456700\"}]}"),
                Target.text("50c0ffee1234567800\n"),
                Target.text("60{\"flock\":\"c0ffee1234567800\",\"cathedral_id\":\"0a000001\","
                        + "\"cathedral_secret\":\"" + key + "\"}"),
                Target.text("70{\"devices\":[{\"device_cathedral_id\":\"0a000001\",\"device_kek\":\"8\","
                        + "\"device_approved\":\"t\",\"device_created\":\"1700000000\"}]}"),
                Target.text("70{\"error\":\"no devices\"}"),
                Target.text("80device approved, use kek-0x08 for it"),
                Target.text("90device does not exist"),
                Target.text("05account expired"));
    }

    /** A client whose Reliquary says whatever comes. */
    private static final class Client implements Decoder, Exchange {
        private final ReliquaryClient client = new ReliquaryClient(this, "0123456789abcdef".repeat(2));
        private Answer answer;
        private boolean again;

        @Override
        public void decode(byte[] input, int length) throws Exception {
            int question = length > 0 ? input[0] & 15 : 0;
            int status = STATUSES[length > 1 ? input[1] & 7 : 0];
            byte[] whole = Target.whole(input, length);
            answer = new Answer(status, Arrays.copyOfRange(whole, Math.min(2, length), length));
            again = false;
            try {
                ask(question);
            } catch (ReliquaryException e) {
                if (e.getMessage().length() > 1000) {
                    throw new AssertionError("nobody reads so much", e);
                }
            }
        }

        private void ask(int question) throws IOException {
            switch (question) {
                case 0 -> client.register();
                case 1 -> client.init();
                case 2 -> client.login(new byte[64]);
                case 3 -> client.cathedrals();
                case 4 -> client.flocks();
                case 5 -> client.createFlock();
                case 6 -> client.join(FLOCK, new byte[32]);
                case 7 -> client.devices(FLOCK);
                case 8 -> client.approve(FLOCK, DEVICE);
                case 9 -> client.deleteDevice(FLOCK, DEVICE);
                case 10 -> client.deleteFlock(FLOCK);
                default -> client.uploadAmbry(FLOCK, new byte[0]);
            }
        }

        @Override
        public String host() {
            return "reliquary.example";
        }

        /** The first question is answered with the input, and so is one that is asked to understand a refusal. */
        @Override
        public Answer get(String path, String token) {
            return answered();
        }

        @Override
        public Answer post(String path, String token, byte[] body) {
            return answered();
        }

        private Answer answered() {
            Answer given = again ? new Answer(200, answer.body()) : answer;
            again = true;
            return given;
        }

        @Override
        public void close() {
            // there is nothing
        }
    }

    /** The first digit says which file. */
    private static Decoder files() throws IOException {
        Path shared = Path.of("/dev/shm");
        Path directory = Files.isWritable(shared)
                ? Files.createTempDirectory(shared, "tier6-fuzz")
                : Files.createTempDirectory("tier6-fuzz");
        ReliquaryDirectory reliquary = new ReliquaryDirectory(directory);
        Membership membership = reliquary.membership(FLOCK);
        Files.createDirectories(membership.directory());
        List<Path> paths =
                new ArrayList<>(FILES.stream().map(directory::resolve).toList());
        paths.add(membership.directory().resolve("cathedral_id"));
        paths.add(membership.directory().resolve("device_kek"));
        // Newest first, so that directories are empty when it is their turn.
        directory.toFile().deleteOnExit();
        membership.directory().toFile().deleteOnExit();
        paths.forEach(path -> path.toFile().deleteOnExit());
        return (input, length) -> {
            byte[] all = Target.whole(input, length);
            int which = length == 0 ? 0 : Math.floorMod(all[0] - '0', paths.size());
            Files.write(paths.get(which), Arrays.copyOfRange(all, Math.min(1, length), length));
            try {
                switch (which) {
                    case 0 -> reliquary.api();
                    case 1 -> reliquary.token();
                    case 2 -> reliquary.natPort();
                    case 3 -> reliquary.cathedral();
                    case 4 -> membership.csId();
                    default -> membership.kekId();
                }
            } catch (ReliquaryException e) {
                // its own
            }
        };
    }
}
