package tier6.itest.fuzz;

/**
 * A decoder that is fuzzed. May have a state, and may be used by one thread only. It refuses bad input in its own way, which
 * an implementation catches; whatever it lets pass is a finding.
 */
@FunctionalInterface
public interface Decoder {
    /**
     * Decodes {@code input[0 .. length)}.
     *
     * @param input must not be kept; what is behind {@code length} is garbage
     * @throws Exception if the decoder gives way
     */
    void decode(byte[] input, int length) throws Exception;
}
