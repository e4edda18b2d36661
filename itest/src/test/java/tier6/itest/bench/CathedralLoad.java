package tier6.itest.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import tier6.api.frame.Batch;
import tier6.api.underlay.UnderlayLoop;
import tier6.api.underlay.UnderlaySocket;
import tier6.itest.bench.CathedralBench.Scale;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.offer.InfoBody;
import tier6.sanctum.offer.Magic;
import tier6.sanctum.offer.Offer;
import tier6.sanctum.offer.OfferCipher;
import tier6.sanctum.offer.OfferException;
import tier6.sanctum.offer.OfferHeader;
import tier6.underlay.linux.internal.LinuxUnderlay;

/**
 * All the devices of a {@link CathedralBench}, in one thread with few sockets. What it sends depends on what came back, so
 * that it finds out what the cathedral can do and not how much it loses. Offers are made before the time is taken.
 */
public final class CathedralLoad {
    private static final int LANE = 1;
    private static final int SOCKETS = 64;
    private static final int RELAY_PAIRS = 256;
    private static final int BURST = 16;
    private static final int OFFERS_UNDER_WAY = 64;
    private static final int PACKETS_UNDER_WAY = 256;
    private static final int MOST_ROUNDS = 20;
    private static final int SMALL = 64;
    private static final int LARGE = 1354;
    private static final int HEADER = 32;
    private static final int OVERHEAD = 50;
    private static final long STALL_NANOS = 1_000_000_000;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(120);

    private final Scale scale;
    private final InetSocketAddress cathedral;
    private final InetSocketAddress natPort;
    private final List<Long> pids;
    private final long phaseNanos;
    private final long ticksPerSecond;
    private final RandomSource random = new Random(1)::nextBytes;
    private final List<UnderlaySocket> sockets = new ArrayList<>();
    private final Path settings;
    private final OfferCipher[] ciphers;
    private final byte[] cosk;
    private final Batch single = new Batch(LANE, 1, Offer.SIZE + Batch.TAILROOM);
    private UnderlayLoop loop;
    private long offersBack;
    private long packetsBack;
    private long receivedAt;
    private long longestGap;

    private CathedralLoad(Scale scale, Path keys, InetSocketAddress cathedral, List<Long> pids, int seconds)
            throws IOException {
        this.scale = scale;
        this.cathedral = cathedral;
        this.natPort = new InetSocketAddress(cathedral.getAddress(), cathedral.getPort() + 1);
        this.pids = pids;
        this.phaseNanos = TimeUnit.SECONDS.toNanos(seconds);
        this.ticksPerSecond = 100;
        this.settings = keys.resolveSibling("settings");
        byte[] cs = Files.readAllBytes(keys.resolve("cs"));
        cosk = Files.readAllBytes(keys.resolve("cosk"));
        ciphers = new OfferCipher[scale.flocks()];
        Arrays.setAll(ciphers, i -> OfferCipher.cathedral(cs, scale.flock(i)));
    }

    /** Arguments: flocks devices tunnels, directory of keys, address, port, process ids with commas, seconds a phase. */
    public static void main(String[] args) throws Exception {
        Scale scale = new Scale(Integer.parseInt(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        InetSocketAddress cathedral = new InetSocketAddress(args[4], Integer.parseInt(args[5]));
        List<Long> pids = Arrays.stream(args[6].split(",")).map(Long::valueOf).toList();
        new CathedralLoad(scale, Path.of(args[3]), cathedral, pids, Integer.parseInt(args[7])).run();
    }

    private void run() throws Exception {
        try (UnderlayLoop opened = new LinuxUnderlay().open()) {
            loop = opened;
            for (int i = 0; i < SOCKETS; i++) {
                sockets.add(loop.open(new InetSocketAddress("0.0.0.0", 0), this::received));
            }
            long begun = System.nanoTime();
            awaitFirstAnswer();
            tell("ready s", (System.nanoTime() - begun) / 1e9);
            fill();
            tell("resident MB", resident());
            offers("offers", false);
            offers("offers and probes", true);
            relay("relayed 114 B", SMALL);
            relay("relayed 1404 B", LARGE);
            Files.writeString(settings, "# touched\n", StandardOpenOption.APPEND);
            relay("relayed while settings are read", LARGE);
            tell("resident MB at the end", resident());
        }
    }

    private void received(Batch datagrams, InetSocketAddress from) {
        long now = System.nanoTime();
        longestGap = Math.max(longestGap, now - receivedAt);
        receivedAt = now;
        for (int i = 0; i < datagrams.count(); i++) {
            if (ByteBuffer.wrap(datagrams.data()).getLong(datagrams.offset(i)) == Magic.KATEDRAL) {
                offersBack++;
            } else {
                packetsBack++;
            }
        }
    }

    private static void tell(String name, double value) {
        System.out.println("RESULT\t" + name + "\t" + value);
    }

    // ---- offers

    private byte[] announcement(int tunnel, long unixSeconds) {
        return ciphers[scale.flockOf(tunnel)].sealSigned(
                header(tunnel),
                unixSeconds,
                InfoBody.announce(InfoBody.NO_AMBRY, scale.id(tunnel), 0, spi(tunnel), 0, 1 + tunnel),
                cosk,
                random);
    }

    private OfferHeader header(int tunnel) {
        long flock = scale.flock(scale.flockOf(tunnel));
        return new OfferHeader(Magic.KATEDRAL, flock, flock, Scale.csId(scale.device(tunnel)));
    }

    /** The same as a NAT probe: as a client signs it that makes both in the same second. */
    private byte[] probe(int tunnel, byte[] announcement, long unixSeconds) throws OfferException {
        OfferCipher cipher = ciphers[scale.flockOf(tunnel)];
        Offer offer = cipher.open(announcement, 0, announcement.length, unixSeconds);
        return cipher.reseal(offer, Magic.CIBORIUM, random);
    }

    private static int spi(Scale scale, int tunnel) {
        return scale.id(tunnel) << Short.SIZE | 1;
    }

    private int spi(int tunnel) {
        return spi(scale, tunnel);
    }

    /** The two ends of a pair are at different sockets. */
    private UnderlaySocket socket(int tunnel) {
        return sockets.get(tunnel % SOCKETS);
    }

    private void send(int tunnel, byte[] offer, InetSocketAddress to) {
        single.clear();
        single.append(offer, 0, offer.length);
        socket(tunnel).send(single, to);
    }

    private void awaitFirstAnswer() throws IOException {
        long end = System.nanoTime() + LIMIT_NANOS;
        while (offersBack == 0) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the cathedral does not answer");
            }
            long now = System.currentTimeMillis() / 1000;
            send(0, announcement(0, now), cathedral);
            send(1, announcement(1, now), cathedral);
            loop.poll(LANE, STALL_NANOS);
        }
    }

    /** Announces all tunnels; who is the second of a pair is answered. */
    private void fill() throws IOException {
        long before = offersBack;
        long sent = 0;
        for (int tunnel = 0; tunnel < scale.tunnels(); tunnel += 2) {
            long now = System.currentTimeMillis() / 1000;
            send(tunnel, announcement(tunnel, now), cathedral);
            send(tunnel + 1, announcement(tunnel + 1, now), cathedral);
            sent++;
            awaitAnswers(before + sent - OFFERS_UNDER_WAY / 2);
        }
        awaitAnswers(before + sent);
        tell("answered while filling %", 100.0 * (offersBack - before) / sent);
    }

    private void awaitAnswers(long wanted) throws IOException {
        long end = System.nanoTime() + STALL_NANOS;
        while (offersBack < wanted && System.nanoTime() < end) {
            loop.poll(LANE, STALL_NANOS / 10);
        }
    }

    private void offers(String name, boolean probes) throws IOException, OfferException {
        long nanos = 0;
        long sent = 0;
        long answered = 0;
        double cpu = 0;
        for (int round = 0; round < MOST_ROUNDS && nanos < phaseNanos; round++) {
            // Good for ten seconds before and after.
            long when = System.currentTimeMillis() / 1000 + 9;
            int count = Math.min(scale.tunnels(), 10_000);
            int first = round * count % scale.tunnels();
            byte[][] infos = new byte[count][];
            byte[][] follow = new byte[count][];
            for (int i = 0; i < count; i++) {
                int tunnel = (first + i) % scale.tunnels();
                infos[i] = announcement(tunnel, when);
                follow[i] = probes ? probe(tunnel, infos[i], when) : null;
            }
            long before = offersBack;
            double cpuBefore = cpuSeconds();
            long begun = System.nanoTime();
            for (int i = 0; i < count; i++) {
                int tunnel = (first + i) % scale.tunnels();
                send(tunnel, infos[i], cathedral);
                if (probes) {
                    send(tunnel, follow[i], natPort);
                }
                if (i % 8 == 0) {
                    awaitAnswers(before + i - OFFERS_UNDER_WAY);
                }
            }
            awaitAnswers(before + count);
            nanos += System.nanoTime() - begun;
            cpu += cpuSeconds() - cpuBefore;
            sent += count;
            answered += offersBack - before;
        }
        int each = probes ? 2 : 1;
        tell(name + " /s", answered * each / (nanos / 1e9));
        tell(name + " us of CPU each", cpu * 1e6 / (answered * each));
        tell(name + " unanswered %", 100.0 * (sent - answered) / sent);
    }

    // ---- relay

    private void relay(String name, int payload) throws IOException {
        int pairs = Math.min(RELAY_PAIRS, scale.tunnels() / 2);
        Batch[] bursts = new Batch[2 * pairs];
        long now = System.currentTimeMillis() / 1000;
        for (int i = 0; i < bursts.length; i++) {
            // Every pair in another flock, as far as there are so many.
            int tunnel = scale.spread(i, pairs);
            send(tunnel, announcement(tunnel, now), cathedral);
            int peer = tunnel ^ 1;
            long flock = scale.flock(scale.flockOf(tunnel));
            Batch burst = new Batch(LANE, BURST, BURST * (payload + OVERHEAD + Batch.TAILROOM));
            for (int n = 0; n < BURST; n++) {
                byte[] packet = new byte[payload + OVERHEAD];
                random.fill(packet);
                ByteBuffer.wrap(packet)
                        .putInt(spi(peer))
                        .putInt(n)
                        .putLong(n)
                        .putLong(flock)
                        .putLong(flock);
                burst.append(packet, 0, packet.length);
            }
            bursts[i] = burst;
            loop.poll(LANE, STALL_NANOS / 500);
        }
        loop.poll(LANE, STALL_NANOS);
        long before = packetsBack;
        double cpuBefore = cpuSeconds();
        long begun = System.nanoTime();
        receivedAt = begun;
        longestGap = 0;
        long sent = 0;
        long lost = 0;
        for (int i = 0; System.nanoTime() - begun < phaseNanos; i = (i + 1) % bursts.length) {
            sent += socket(scale.spread(i, pairs)).send(bursts[i], cathedral);
            long stalled = System.nanoTime() + STALL_NANOS / 5;
            while (sent - lost - (packetsBack - before) > PACKETS_UNDER_WAY) {
                loop.poll(LANE, STALL_NANOS / 500);
                if (System.nanoTime() > stalled) {
                    lost = sent - (packetsBack - before);
                }
            }
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        tell(name + " longest gap ms", longestGap / 1e6);
        loop.poll(LANE, STALL_NANOS);
        long back = packetsBack - before;
        tell(name + " /s", back / seconds);
        tell(name + " us of CPU each", (cpuSeconds() - cpuBefore) * 1e6 / back);
        tell(name + " lost %", 100.0 * Math.max(0, sent - back) / sent);
    }

    // ---- the cathedral's processes

    private double cpuSeconds() throws IOException {
        double ticks = 0;
        for (long pid : pids) {
            Path stat = Path.of("/proc/" + pid + "/stat");
            if (Files.exists(stat)) {
                String text = Files.readString(stat);
                String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
                ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
            }
        }
        return ticks / ticksPerSecond;
    }

    private double resident() throws IOException {
        double kib = 0;
        for (long pid : pids) {
            Path status = Path.of("/proc/" + pid + "/status");
            if (Files.exists(status)) {
                kib += Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum();
            }
        }
        return kib / 1024;
    }

    /** The public half of what all devices sign with. */
    static byte[] publicKey(byte[] cosk) {
        return Ed25519.publicKey(cosk);
    }
}
