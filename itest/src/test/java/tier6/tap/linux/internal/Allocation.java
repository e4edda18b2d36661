package tier6.tap.linux.internal;

import com.google.gson.GsonBuilder;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import tier6.api.frame.Batch;
import tier6.api.vswitch.PortKind;
import tier6.api.vswitch.SwitchPort;
import tier6.itest.bench.Machine;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.session.DataHeader;
import tier6.sanctum.session.RxSlots;
import tier6.sanctum.session.SessionKey;
import tier6.sanctum.session.TxSession;
import tier6.vswitch.internal.SwitchComponent;

/**
 * Counts what the path of a frame allocates, from the super-frame of one TAP to the super-frame of the other: cut up,
 * switched, sealed, opened, switched, joined. System calls have tests of their own in the bundles that make them.
 * Started by {@code itest/bench/allocation.sh}.
 */
public final class Allocation {
    private static final Path JSON = Path.of("itest/target/bench/allocation.json");
    private static final int WARM = 2_000_000;
    private static final byte[] HEADER = new byte[DataHeader.SIZE];

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final OffloadBenchmark offload = OffloadBenchmark.of(OffloadBenchmark.Kind.TCP4);
    private final Batch wire = new Batch(1, 128, 192 * 1024);
    private final Batch opened = new Batch(1, 128, 192 * 1024);
    private final byte[] secret = RandomSource.secure().bytes(32);
    private final TxSession tx = new TxSession(new SessionKey(secret, 1, 2), 3, 4, 0);
    private final RxSlots rx = new RxSlots(3, 4);
    private final SwitchPort tap;
    private final SwitchPort fromPeer;
    private boolean sealing;

    private Allocation() {
        rx.install(new SessionKey(secret, 1, 2));
        SwitchComponent here = new SwitchComponent();
        SwitchComponent there = new SwitchComponent();
        tap = here.attach("tap", PortKind.LOCAL, frames -> {});
        here.attach("peer", PortKind.TUNNEL, this::cross);
        there.attach("tap", PortKind.LOCAL, offload::join);
        fromPeer = there.attach("peer", PortKind.TUNNEL, frames -> {});
    }

    private void cross(Batch frames) {
        if (!sealing) {
            fromPeer.input(frames);
            return;
        }
        wire.clear();
        long pn = tx.reserve(frames.count());
        for (int i = 0; i < frames.count(); i++) {
            wire.append(tx.seal(
                    1,
                    pn + i,
                    frames.data(),
                    frames.offset(i),
                    frames.length(i),
                    DataHeader.NEXT_FRAME,
                    wire.data(),
                    wire.position()));
        }
        opened.clear();
        for (int i = 0; i < wire.count(); i++) {
            opened.append(rx.open(wire.data(), wire.offset(i), wire.length(i), opened.data(), opened.position()));
        }
        fromPeer.input(opened);
    }

    /** Runs it for as many frames as the argument says, 10⁸ without one; a tenth of that with the cipher. */
    public static void main(String[] args) throws Exception {
        long frames = args.length > 0 ? Long.parseLong(args[0]) : 100_000_000;
        Allocation allocation = new Allocation();
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("date", Machine.date());
        root.put("machine", Machine.description());
        root.put("java", System.getProperty("java.vm.version"));
        root.put("frames", frames);
        long plain = allocation.path(frames, false);
        root.put("bytes without the cipher", plain);
        double sealed = (double) allocation.path(frames / 10, true) / (frames / 10);
        root.put("bytes/frame with the cipher", sealed);
        double bare = allocation.cipher(frames / 10, Cipher.ENCRYPT_MODE)
                + allocation.cipher(frames / 10, Cipher.DECRYPT_MODE);
        root.put("bytes/frame of the JDK's cipher alone", bare);
        Files.createDirectories(JSON.getParent());
        Files.writeString(JSON, new GsonBuilder().setPrettyPrinting().create().toJson(root) + "\n");
        System.out.printf(
                Locale.ROOT,
                "%s, %s, Java %s%n%n| | |%n| --- | ---: |%n| bytes for %,d frames, without the cipher | %,d |%n"
                        + "| bytes a frame, sealed and opened | %.1f |%n"
                        + "| bytes a frame, the same calls of the JDK's cipher alone | %.1f |%n",
                Machine.date(),
                Machine.description(),
                System.getProperty("java.vm.version"),
                frames,
                plain,
                sealed,
                bare);
    }

    /** Bytes that so many frames allocate. */
    private long path(long frames, boolean withCipher) {
        sealing = withCipher;
        walk(WARM);
        long before = allocated();
        walk(frames);
        return allocated() - before;
    }

    private void walk(long frames) {
        for (long done = 0; done < frames; ) {
            done += offload.segment();
            tap.input(offload.frames());
        }
    }

    /** Bytes that a frame allocates in the cipher, whoever calls it. */
    private double cipher(long frames, int mode) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        SecretKey key = new SecretKeySpec(secret, "AES");
        int size = offload.frames().length(0) + DataHeader.TAIL;
        byte[] nonce = new byte[12];
        byte[] in = new byte[size + DataHeader.TAG];
        byte[] out = new byte[size + DataHeader.TAG];
        if (mode == Cipher.DECRYPT_MODE) { // the same datagram again and again
            one(cipher, Cipher.ENCRYPT_MODE, key, nonce, new byte[size], size, in);
        }
        int length = mode == Cipher.DECRYPT_MODE ? in.length : size;
        long before = 0;
        for (long i = -WARM; i < frames; i++) {
            if (i == 0) {
                before = allocated();
            }
            if (mode == Cipher.ENCRYPT_MODE) {
                for (int at = nonce.length - 1; ++nonce[at] == 0; at--) {}
            }
            one(cipher, mode, key, nonce, in, length, out);
        }
        return (double) (allocated() - before) / frames;
    }

    private static void one(Cipher cipher, int mode, SecretKey key, byte[] nonce, byte[] in, int length, byte[] out)
            throws GeneralSecurityException {
        cipher.init(mode, key, new GCMParameterSpec(DataHeader.TAG * Byte.SIZE, nonce));
        cipher.updateAAD(HEADER, 0, HEADER.length);
        cipher.doFinal(in, 0, length, out, 0);
    }

    private long allocated() {
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
