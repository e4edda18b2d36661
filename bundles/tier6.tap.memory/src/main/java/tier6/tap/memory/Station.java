package tier6.tap.memory;

/** What is plugged into a {@link MemoryTap}, where otherwise a kernel would be. */
@FunctionalInterface
public interface Station {
    /**
     * Takes a frame that was written to the TAP. Called by the thread that writes, several at once; must not wait, and
     * must not keep or change the array.
     */
    void receive(byte[] data, int offset, int length);
}
