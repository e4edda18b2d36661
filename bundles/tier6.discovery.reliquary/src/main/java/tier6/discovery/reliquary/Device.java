package tier6.discovery.reliquary;

import java.time.Instant;

/**
 * A device that joined a flock, as the flock's owner sees it.
 *
 * @param csId its number at the cathedrals
 * @param kekId its number in the flock, 0 until it is approved
 * @param approved whether the owner let it in
 * @param created when it joined
 */
public record Device(int csId, int kekId, boolean approved, Instant created) {}
