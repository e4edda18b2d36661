package tier6.sanctum.session;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The replay window: packets in their order, and packets that overtake each other. */
@State(Scope.Thread)
public class ReplayBenchmark {
    @Param({"64", "8192"})
    private int bits;

    private ReplayWindow window;
    private long pn;

    /** Makes a window. */
    @Setup
    public void setUp() {
        window = new ReplayWindow(bits);
        pn = 1;
    }

    /** One after the other. */
    @Benchmark
    public boolean inOrder() {
        return see(++pn);
    }

    /** Blocks of eight, each backwards. */
    @Benchmark
    public boolean reordered() {
        return see(++pn ^ 7);
    }

    private boolean see(long number) {
        boolean fresh = window.check(number);
        if (fresh) {
            window.update(number);
        }
        return fresh;
    }
}
