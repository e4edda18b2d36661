package tier6.itest.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tier6.itest.felix.Distribution;
import tier6.itest.net.Host;
import tier6.itest.net.Lab;
import tier6.sanctum.ambry.AmbryBundle;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.file.KeyFiles;

/**
 * Measures cathedrals side by side: as many flocks and devices as one asks for, and {@link CathedralLoad} as all of them.
 * Started by {@code itest/bench/cathedral.sh}.
 */
public final class CathedralBench {
    private static final String HELP = """
            cathedral.sh [--flocks N] [--devices N] [--tunnels N] [--seconds N] [--heap SIZE] [--ambries yes]
                         [--only ours,c] [--out FILE]

              --flocks N    1000 unless told
              --devices N   devices of each flock that are allowed, 254 unless told
              --tunnels N   tunnels that are announced, 20000 unless told
              --seconds N   for which each number is measured, 5 unless told
              --heap SIZE   of our cathedral, such as 256m; what the launcher gives it unless told
              --ambries yes also an ambry bundle of each flock, for ours
              --only N,..   of ours and c; c takes part where TIER6_REFERENCE names the prefix of the C programs
              --out FILE    the table, itest/target/bench/cathedral.md unless told
            """;

    private static final int PORT = 4500;
    private static final int CS_SIZE = 32;

    /** A file has so many names at most. */
    private static final int LINKS = 30_000;

    /** Who is there. Tunnels are counted through all flocks in turns; an even one and the next are the ends of one. */
    record Scale(int flocks, int devices, int tunnels) {
        Scale {
            int pairs = (tunnels / 2 + flocks - 1) / flocks;
            if (tunnels % 2 != 0 || pairs * 2 > devices || devices > 254) {
                throw new IllegalArgumentException(
                        tunnels + " tunnels do not fit: every device has one, and they come in pairs");
            }
        }

        long flock(int index) {
            return 0x5ca1000000000000L + ((index + 1L) << Byte.SIZE);
        }

        int flockOf(int tunnel) {
            return tunnel / 2 % flocks;
        }

        /** The kek-id, from 1. */
        int device(int tunnel) {
            return tunnel / 2 / flocks * 2 + 1 + tunnel % 2;
        }

        int id(int tunnel) {
            return device(tunnel) << Byte.SIZE | device(tunnel ^ 1);
        }

        /** End {@code i} of {@code pairs} pairs all over. */
        int spread(int i, int pairs) {
            return tunnels / 2 / pairs * (i / 2) * 2 + i % 2;
        }

        static int csId(int device) {
            return 0x0a000000 + device;
        }
    }

    private final Map<String, Map<String, Double>> values = new LinkedHashMap<>();

    private CathedralBench() {}

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        int flocks = 1000;
        int devices = 254;
        int tunnels = 20_000;
        int seconds = 5;
        String heap = "";
        boolean ambries = false;
        Set<String> only = Set.of("ours", "c");
        Path out = Path.of("itest/target/bench/cathedral.md");
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                System.out.print(HELP);
                System.exit(args[i].equals("--help") ? 0 : 2);
            }
            String value = args[i + 1];
            switch (args[i]) {
                case "--flocks" -> flocks = Integer.parseInt(value);
                case "--devices" -> devices = Integer.parseInt(value);
                case "--tunnels" -> tunnels = Integer.parseInt(value);
                case "--seconds" -> seconds = Integer.parseInt(value);
                case "--heap" -> heap = "-Xmx" + value;
                case "--ambries" -> ambries = value.equals("yes");
                case "--only" -> only = new LinkedHashSet<>(List.of(value.split(",")));
                case "--out" -> out = Path.of(value);
                default -> {
                    System.err.println("unknown option " + args[i] + "\n" + HELP);
                    System.exit(2);
                }
            }
        }
        Scale scale = new Scale(flocks, devices, tunnels);
        CathedralBench bench = new CathedralBench();
        String reference = System.getenv("TIER6_REFERENCE");
        if (only.contains("ours")) {
            String launcher = Distribution.directory()
                    .resolve("bin/tier6")
                    .toAbsolutePath()
                    .toString();
            bench.measure("ours", scale, seconds, ambries, Map.of("TIER6_JAVA_OPTS", heap), launcher, "cathedral");
        }
        if (only.contains("c") && reference != null) {
            String program = Path.of(reference, "bin", "sanctum").toString();
            bench.measure("C", scale, seconds, false, Map.of(), program, "-c");
        }
        String table = bench.table(scale);
        Files.createDirectories(out.toAbsolutePath().getParent());
        Files.writeString(out, table);
        System.out.println(table);
        System.exit(0);
    }

    private void measure(
            String name, Scale scale, int seconds, boolean ambries, Map<String, String> environment, String... program)
            throws Exception {
        System.err.println(name + ": " + scale.flocks * scale.devices + " devices");
        Path directory = Files.createTempDirectory("tier6-bench");
        try (Lab lab = new Lab(directory, 1500)) {
            Host cathedral = lab.host("cath", "10.66.0.254");
            Host clients = lab.host("load", "10.66.0.1");
            Path conf = write(scale, directory, ambries, cathedral.address());
            cathedral.start(
                    "cathedral",
                    environment,
                    Stream.concat(Stream.of(program), Stream.of(conf.toString()))
                            .toArray(String[]::new));
            Thread.sleep(2000);
            String pids = cathedral.processes("cathedral").stream()
                    .map(process -> Long.toString(process.pid()))
                    .collect(Collectors.joining(","));
            clients.start(
                    "load",
                    Map.of(),
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    CathedralLoad.class.getName(),
                    "" + scale.flocks,
                    "" + scale.devices,
                    "" + scale.tunnels,
                    directory.resolve("keys").toString(),
                    cathedral.address(),
                    "" + PORT,
                    pids,
                    "" + seconds);
            int status = clients.await("load", 300 + 20L * seconds);
            Map<String, Double> results = new LinkedHashMap<>();
            clients.logText("load")
                    .lines()
                    .map(line -> line.split("\t"))
                    .filter(fields -> fields[0].equals("RESULT"))
                    .forEach(fields -> results.put(fields[1], Double.valueOf(fields[2])));
            values.put(name, results);
            if (status != 0) {
                System.err.println(clients.logText("load"));
                String log = cathedral.logText("cathedral");
                System.err.println(log.substring(Math.max(0, log.length() - 3000)));
            }
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Collections.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    /** All devices have the same secrets, which nobody notices: their flocks and numbers differ. */
    private static Path write(Scale scale, Path directory, boolean ambries, String address) throws IOException {
        RandomSource random = RandomSource.secure();
        Path keys = Files.createDirectories(directory.resolve("keys"));
        byte[] cs = random.bytes(CS_SIZE);
        byte[] cosk = Ed25519.generate(random);
        Files.write(keys.resolve("cs"), cs);
        Files.write(keys.resolve("cosk"), cosk);
        KeyFiles.writeSecret(directory.resolve("sync"), random.bytes(CS_SIZE));
        StringBuilder settings = new StringBuilder();
        Path key = null;
        Path pub = null;
        int links = LINKS;
        for (int f = 0; f < scale.flocks; f++) {
            long flock = scale.flock(f);
            settings.append("flock ").append(Long.toHexString(flock)).append(" {\n");
            Path secrets = Files.createDirectories(directory.resolve("secretdir/flock-" + Long.toHexString(flock)));
            for (int device = 1; device <= scale.devices; device++) {
                String name = String.format("%08x", Scale.csId(device));
                settings.append(String.format("    allow %s spi 0x%02x 0%n", name, device));
                if (links++ == LINKS) {
                    key = Files.write(keys.resolve("key" + f + "-" + device), cs);
                    pub = Files.write(keys.resolve("pub" + f + "-" + device), CathedralLoad.publicKey(cosk));
                    links = 1;
                }
                Files.createLink(secrets.resolve(name + ".key"), key);
                Files.createLink(secrets.resolve(name + ".pub"), pub);
            }
            if (ambries) {
                Path bundle = directory.resolve("ambry" + f);
                Files.write(bundle, bundle(flock, f));
                settings.append("    ambry ").append(bundle).append('\n');
            }
            settings.append("}\n");
        }
        Files.writeString(directory.resolve("settings"), settings);
        return Files.writeString(
                directory.resolve("cathedral.conf"), """
                mode cathedral
                instance cathedral
                local %1$s:%3$d
                secret %2$s/sync
                secretdir %2$s/secretdir
                settings %2$s/settings
                cathedral_mtu 1422
                cathedral_p2p_sync yes
                cathedral_nat_port %4$d
                run control as root
                run cathedral as root
                run purgatory-rx as root
                run purgatory-tx as root
                control %2$s/control root
                """.formatted(address, directory, PORT, PORT + 1));
    }

    /** A bundle that nobody can open. */
    private static byte[] bundle(long flock, int generation) {
        ByteBuffer out = ByteBuffer.allocate(AmbryBundle.INTRA_SIZE);
        out.putShort((short) 0x7fff).putInt(generation + 1).put(new byte[64]);
        byte[] wrapped = new byte[48];
        for (int src = 1; src <= 255; src++) {
            for (int dst = src + 1; dst <= 255; dst++) {
                out.putLong(flock).putShort((short) (src << 8 | dst)).put(wrapped);
                out.putLong(flock).putShort((short) (dst << 8 | src)).put(wrapped);
            }
        }
        return out.array();
    }

    private String table(Scale scale) {
        Set<String> names = new LinkedHashSet<>();
        values.values().forEach(results -> names.addAll(results.keySet()));
        StringBuilder text = new StringBuilder(
                String.format("%d flocks of %d devices, %d tunnels%n%n", scale.flocks, scale.devices, scale.tunnels));
        text.append("| |").append(String.join("|", values.keySet())).append("|\n|---|");
        text.append("---:|".repeat(values.size())).append('\n');
        for (String name : names) {
            text.append('|').append(name);
            for (Map<String, Double> results : values.values()) {
                Double value = results.get(name);
                text.append('|').append(value == null ? "" : format(value));
            }
            text.append("|\n");
        }
        return text.toString();
    }

    private static String format(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : "%.2f", value);
    }
}
