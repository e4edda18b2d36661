package tier6.sanctum;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import tier6.sanctum.crypto.RandomSource;

/** Gives out what it was given, in order; a draw of another length is an error. */
public final class ScriptedRandom implements RandomSource {

    private final Deque<byte[]> draws;

    public ScriptedRandom(byte[]... draws) {
        this.draws = new ArrayDeque<>(List.of(draws));
    }

    @Override
    public void fill(byte[] out) {
        byte[] next = draws.remove();
        if (next.length != out.length) {
            throw new IllegalStateException("a draw of " + out.length + " bytes, the script has " + next.length);
        }
        System.arraycopy(next, 0, out, 0, out.length);
    }

    /** Whether all was given out. */
    public boolean exhausted() {
        return draws.isEmpty();
    }
}
