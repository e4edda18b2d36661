package tier6.discovery.reliquary;

/**
 * What a device is given when it joins a flock.
 *
 * @param csId its number at the cathedrals
 * @param cs its cathedral secret, 32 bytes; whoever takes it clears it
 */
public record NewDevice(int csId, byte[] cs) {

    /** Without the secret. */
    @Override
    public String toString() {
        return "NewDevice[csId=%08x]".formatted(csId);
    }
}
