package tier6.cathedral;

import tier6.sanctum.ambry.AmbryBundle;

/** A flock as the settings have it. Not changed any more once the {@link Roster} is complete. */
final class Flock {
    final long id;
    final LongMap<Device> devices = new LongMap<>();

    /** What is handed out, or null. */
    AmbryBundle ambry;

    /** @param id without domain */
    Flock(long id) {
        this.id = id;
    }

    Device device(int csId) {
        return devices.get(csId);
    }
}
