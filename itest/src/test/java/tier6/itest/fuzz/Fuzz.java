package tier6.itest.fuzz;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Throws millions of inputs at every decoder that takes bytes from the network or from a file. Started by {@code
 * itest/bench/fuzz.sh}.
 *
 * <p>The inputs come in blocks. A block begins with a fresh decoder and depends on nothing but the seed, the target and its
 * number, so that every finding can be repeated alone. Memory is bounded by the heap that the process was given, and what is
 * left of it when a target is done must not be more than before.
 */
public final class Fuzz {
    private static final String HELP = """
            fuzz.sh [--runs N] [--seed N] [--block N] [--jobs N] [--list] [TARGET..]

              --runs N   inputs for each target, ten million unless told
              --seed N   another seed, other inputs; random unless told
              --block N  only this block, to repeat a finding
              --jobs N   threads, as many as there are processors unless told
              --list     the names of the targets
            """;

    /** The parent of all that are ours. */
    private static final Logger LOGGERS = Logger.getLogger("tier6");

    static final int BLOCK = 50_000;
    private static final long RUNS = 10_000_000;
    private static final long SLOW_NANOS = 1_000_000_000;
    private static final long LEFT_OVER = 32 << 20;
    private static final long PROGRESS_MILLIS = 5_000;

    private final long seed;
    private final int jobs;
    private final long onlyBlock;

    /** What went wrong, and with what. */
    static final class Finding extends Exception {
        private static final long serialVersionUID = 1L;

        Finding(String target, long seed, long block, long number, byte[] input, Throwable cause) {
            super(
                    "fuzz.sh --seed " + seed + " --block " + block + " " + target + ": input " + number + ", "
                            + input.length + " bytes: " + HexFormat.of().formatHex(input),
                    cause);
        }
    }

    private Fuzz(long seed, int jobs, long onlyBlock) {
        this.seed = seed;
        this.jobs = jobs;
        this.onlyBlock = onlyBlock;
    }

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        long runs = RUNS;
        long seed = new Random().nextLong();
        long block = -1;
        int jobs = Runtime.getRuntime().availableProcessors();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--list" -> {
                    Targets.all().forEach(target -> System.out.println(target.name()));
                    return;
                }
                case "--runs", "--seed", "--block", "--jobs" -> {
                    if (i + 1 == args.length) {
                        System.err.print(HELP);
                        System.exit(2);
                    }
                    long value = Long.parseLong(args[++i]);
                    switch (args[i - 1]) {
                        case "--runs" -> runs = value;
                        case "--seed" -> seed = value;
                        case "--block" -> block = value;
                        default -> jobs = (int) value;
                    }
                }
                default -> {
                    if (args[i].startsWith("-")) {
                        System.out.print(HELP);
                        System.exit(args[i].equals("--help") ? 0 : 2);
                    }
                    names.add(args[i]);
                }
            }
        }
        quiet(true);
        List<Target> targets = Targets.all().stream()
                .filter(target -> names.isEmpty() || names.contains(target.name()))
                .toList();
        if (targets.size() < names.size()) {
            System.err.println("there is no such target; --list names them");
            System.exit(2);
        }
        System.out.println("seed " + seed + ", " + jobs + " threads, heap at most "
                + (Runtime.getRuntime().maxMemory() >> 20) + " MiB");
        int found = 0;
        for (Target target : targets) {
            found += new Fuzz(seed, jobs, block).run(target, runs) ? 0 : 1;
        }
        System.out.println(found == 0 ? "nothing found" : found + " targets gave way");
        System.exit(found == 0 ? 0 : 1);
    }

    /** Decoders tell people what they refuse; nobody wants to read it ten million times. */
    static void quiet(boolean quiet) {
        LOGGERS.setLevel(quiet ? Level.OFF : null);
    }

    private boolean run(Target target, long runs) throws InterruptedException {
        long before = used();
        long begun = System.nanoTime();
        long blocks = onlyBlock >= 0 ? onlyBlock + 1 : (runs + BLOCK - 1) / BLOCK;
        AtomicLong next = new AtomicLong(Math.max(0, onlyBlock));
        AtomicLong done = new AtomicLong();
        AtomicReference<Throwable> finding = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            Thread thread = new Thread(() -> {
                for (long b = next.getAndIncrement(); b < blocks && finding.get() == null; b = next.getAndIncrement()) {
                    try {
                        int count = (int) Math.min(BLOCK, onlyBlock >= 0 ? BLOCK : runs - b * BLOCK);
                        block(target, seed, b, count);
                        done.addAndGet(count);
                    } catch (Throwable e) {
                        finding.compareAndSet(null, e);
                    }
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            do {
                thread.join(PROGRESS_MILLIS);
                tell(target, done.get(), begun, thread.isAlive() ? "\r" : "");
            } while (thread.isAlive());
        }
        long left = used() - before;
        boolean good = finding.get() == null && left < LEFT_OVER;
        tell(target, done.get(), begun, String.format("  %s, %d KiB left%n", good ? "good" : "BAD", left >> 10));
        if (finding.get() != null) {
            finding.get().printStackTrace(System.out);
        }
        return good;
    }

    private static void tell(Target target, long done, long begun, String end) {
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "\r%-20s %,12d inputs %6.0f s %,9.0f /s%s",
                target.name(),
                done,
                seconds,
                done / seconds,
                end);
    }

    /** Runs the beginning of a block. */
    static void block(Target target, long seed, long block, int count) throws Exception {
        long own = seed ^ target.name().hashCode() * 0x9E3779B97F4A7C15L ^ block * 0xC2B2AE3D27D4EB4FL;
        Decoder decoder = target.maker().make(new Random(own)::nextBytes);
        Mutator mutator = new Mutator(target, own);
        long begun = System.nanoTime();
        for (long n = 0; n < count; n++) {
            mutator.next();
            try {
                decoder.decode(mutator.input(), mutator.length());
                long now = System.nanoTime();
                if (now - begun > SLOW_NANOS && cpuNanos(decoder, mutator) > SLOW_NANOS) {
                    throw new AssertionError("too slow");
                }
                begun = now;
            } catch (Throwable e) {
                byte[] input = Target.whole(mutator.input(), Math.min(4096, mutator.length()));
                throw new Finding(target.name(), seed, block, n, input, e);
            }
        }
    }

    /** Once more, for the processor may have had other things to do. */
    private static long cpuNanos(Decoder decoder, Mutator mutator) throws Exception {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        decoder.decode(mutator.input(), mutator.length());
        return threads.getCurrentThreadCpuTime() - before;
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
