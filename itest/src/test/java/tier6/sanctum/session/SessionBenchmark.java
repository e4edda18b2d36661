package tier6.sanctum.session;

import java.security.GeneralSecurityException;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What it costs to seal and to open a frame, and what of that is the cipher of the JDK alone. */
@State(Scope.Thread)
public class SessionBenchmark {
    /** So many sealed datagrams are opened one after the other; then a new window forgets that it saw them. */
    private static final int SEALED = 4096;

    @Param({"60", "1422"})
    private int frame;

    private final byte[] secret = new byte[32];
    private final byte[] in = new byte[2048];
    private final byte[] out = new byte[2048];
    private TxSession tx;
    private RxSession rx;
    private byte[] sealed;
    private int stride;
    private int next;

    private Cipher bare;
    private AesKey bareKey;
    private final byte[] nonce = new byte[12];
    private long pn;

    /** Makes keys and datagrams. */
    @Setup(Level.Iteration)
    public void setUp() throws GeneralSecurityException {
        Random random = new Random(1);
        random.nextBytes(secret);
        random.nextBytes(in);
        tx = new TxSession(new SessionKey(secret, 1, 2), 3, 4, 0);
        TxSession once = new TxSession(new SessionKey(secret, 1, 2), 3, 4, 0);
        stride = frame + DataHeader.OVERHEAD;
        sealed = new byte[SEALED * stride];
        for (int i = 0; i < SEALED; i++) {
            once.seal(0, once.reserve(1), in, 0, frame, DataHeader.NEXT_FRAME, sealed, i * stride);
        }
        next = SEALED;
        bareKey = new AesKey(secret);
        bare = Cipher.getInstance("AES/GCM/NoPadding");
    }

    /** As the data path does it. */
    @Benchmark
    public int seal() {
        return tx.seal(1, tx.reserve(1), in, 0, frame, DataHeader.NEXT_FRAME, out, 0);
    }

    /** As the data path does it: check, open, note the number. */
    @Benchmark
    public int open() {
        if (next == SEALED) {
            next = 0;
            rx = new RxSession(new SessionKey(secret, 1, 2), 3, 4, ReplayWindow.DEFAULT_BITS);
        }
        int opened = rx.open(sealed, next++ * stride, stride, out, 0);
        if (opened != frame) {
            throw new IllegalStateException(DropReason.of(opened).name());
        }
        return opened;
    }

    /** The calls of the JDK that sealing cannot do without: what they allocate, no caller can avoid. */
    @Benchmark
    public int sealByCipherAlone() throws GeneralSecurityException {
        DataHeader.putLong(nonce, 4, ++pn);
        bare.init(Cipher.ENCRYPT_MODE, bareKey, new GCMParameterSpec(128, nonce));
        bare.updateAAD(in, 0, DataHeader.SIZE);
        return bare.doFinal(in, DataHeader.SIZE, frame + DataHeader.TAIL, out, 0);
    }
}
