package tier6.itest.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import tier6.sanctum.crypto.RandomSource;

/**
 * Something to be fuzzed.
 *
 * @param name on the command line
 * @param longest bytes of the longest input that makes sense
 * @param seeds inputs that are good, to be mutated
 * @param maker makes a fresh decoder
 */
public record Target(String name, int longest, List<byte[]> seeds, Maker maker) {
    /** Makes a decoder. What it draws is the same in every run with the same seed. */
    @FunctionalInterface
    public interface Maker {
        /** Makes one for the thread that calls. */
        Decoder make(RandomSource random) throws Exception;
    }

    public Target {
        seeds = List.copyOf(seeds);
    }

    /** Lines as a seed. */
    public static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The input in an array of {@code size} bytes: cut, or followed by zeroes. */
    public static byte[] fitted(byte[] input, int length, int size) {
        byte[] fitted = new byte[size];
        System.arraycopy(input, 0, fitted, 0, Math.min(length, size));
        return fitted;
    }

    /** The input as an array of its own. */
    public static byte[] whole(byte[] input, int length) {
        return Arrays.copyOf(input, length);
    }

    /** Its name. */
    @Override
    public String toString() {
        return name;
    }
}
