package tier6.cathedral;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import tier6.sanctum.kdf.Flocks;
import tier6.sanctum.offer.Magic;
import tier6.sanctum.shroud.Shroud;
import tier6.sanctum.shroud.ShroudIdentity;

/**
 * Finds out whose shroud a datagram wears (specification section 11). A client's identity changes every few minutes and with
 * every socket, and can only be found by trying all clients; so what was found is remembered, who spoke last from an address
 * is tried first, and how often all are tried is limited: strangers can only delay each other. One thread.
 */
final class Veil {
    private record Name(DeviceKeys keys, long own, long peer, int csId) {}

    /** What a device wears on its way to the cathedral, for its tunnels to one flock, and what it is answered in. */
    static final class Wearer {
        private final byte[] base;
        private final Name name;
        private Shroud shroud;

        /** The device of the same cs-id in the other of two crossed flocks: nothing but the key tells them apart. */
        private Wearer twin;

        private Wearer(Name name) {
            this.name = name;
            this.base = ShroudIdentity.base(name.own, name.peer, name.csId);
        }

        Shroud shroud() {
            if (shroud == null) {
                shroud = name.keys.shroud(name.own, name.peer);
            }
            return shroud;
        }

        /** Who else can be meant when these are not words of the device, or null. */
        Wearer twin() {
            return twin;
        }

        /** Whether a datagram without its shroud can be the device's: 64 bits of it and more are known beforehand. */
        boolean said(byte[] inner, int length) {
            if (length < CathedralCore.SHORTEST) {
                return false;
            }
            long magic = Bytes.getLong(inner, 0);
            boolean offer = magic == Magic.KATEDRAL || magic == Magic.CIBORIUM || magic == Magic.SACRAMNT;
            return offer
                    || Flocks.mask(Bytes.getLong(inner, 16)) == name.own
                            && Flocks.mask(Bytes.getLong(inner, 24)) == name.peer;
        }

        private boolean is(byte[] id, byte[] seedId) {
            return MessageDigest.isEqual(ShroudIdentity.derive(base, seedId), id);
        }

        private void close() {
            if (shroud != null) {
                shroud.close();
            }
        }
    }

    private record Found(byte[] header, Wearer wearer) {}

    /** Places for identities and addresses, a power of two. */
    private static final int REMEMBERED = 1 << 14;

    /** Identities computed in a second at most while looking for strangers; each takes some microseconds. */
    private static final int TRIALS_PER_SECOND = 50_000;

    private static final int HEADER = 2 * ShroudIdentity.SIZE;

    private final Found[] found = new Found[REMEMBERED];
    private final Wearer[] lastAt = new Wearer[REMEMBERED];
    private Map<Name, Wearer> wearers = Map.of();
    private long trials;
    private long trialsSince;

    /** Takes a new roster; who did not change goes on as before. */
    void apply(Roster roster) {
        Map<Name, Wearer> next = new HashMap<>();
        roster.flocks.forEach(flock -> take(next, flock, flock.id));
        for (Crossing crossing : roster.crossings()) {
            take(next, roster.flock(crossing.a()), crossing.b());
            take(next, roster.flock(crossing.b()), crossing.a());
        }
        wearers.forEach((name, wearer) -> {
            if (!next.containsKey(name)) {
                wearer.close();
            }
        });
        wearers = next;
        pair(roster);
        Arrays.fill(found, null);
        Arrays.fill(lastAt, null);
    }

    private void take(Map<Name, Wearer> next, Flock flock, long peer) {
        flock.devices.forEach(device -> {
            if (device.keys() != null) {
                Name name = new Name(device.keys(), flock.id, peer, device.csId());
                Wearer kept = wearers.get(name);
                next.put(name, kept == null ? new Wearer(name) : kept);
            }
        });
    }

    private void pair(Roster roster) {
        wearers.values().forEach(wearer -> wearer.twin = null);
        for (Crossing crossing : roster.crossings()) {
            Flock other = roster.flock(crossing.b());
            roster.flock(crossing.a()).devices.forEach(device -> {
                Device namesake = other.device(device.csId());
                if (device.keys() != null && namesake != null && namesake.keys() != null) {
                    Wearer one = wearers.get(new Name(device.keys(), crossing.a(), crossing.b(), device.csId()));
                    Wearer two = wearers.get(new Name(namesake.keys(), crossing.b(), crossing.a(), device.csId()));
                    one.twin = two;
                    two.twin = one;
                }
            });
        }
    }

    /** Whether it was not taken away by a roster since. */
    boolean knows(Wearer wearer) {
        return wearers.get(wearer.name) == wearer;
    }

    /** Whose shroud the datagram wears, or null if nobody's or if there were too many questions. */
    Wearer find(byte[] datagram, int at, int sourceIp, long nowMillis) {
        Found before = found[slot(datagram, at)];
        if (before != null && Arrays.equals(before.header, 0, HEADER, datagram, at, at + HEADER)) {
            return before.wearer;
        }
        byte[] id = Arrays.copyOfRange(datagram, at, at + ShroudIdentity.SIZE);
        byte[] seedId = Arrays.copyOfRange(datagram, at + ShroudIdentity.SIZE, at + HEADER);
        Wearer wearer = lastAt[place(sourceIp)];
        if (wearer == null || !wearer.is(id, seedId)) {
            wearer = search(id, seedId, nowMillis);
        }
        if (wearer != null) {
            remember(datagram, at, sourceIp, wearer);
        }
        return wearer;
    }

    /** Remembers whose shroud the datagram wears: {@link #find} found it, or it turned out to be the twin's. */
    void remember(byte[] datagram, int at, int sourceIp, Wearer wearer) {
        found[slot(datagram, at)] = new Found(Arrays.copyOfRange(datagram, at, at + HEADER), wearer);
        lastAt[place(sourceIp)] = wearer;
    }

    private static int slot(byte[] datagram, int at) {
        return LongMap.hash(Bytes.getLong(datagram, at)) & REMEMBERED - 1;
    }

    private static int place(int sourceIp) {
        return LongMap.hash(sourceIp) & REMEMBERED - 1;
    }

    private Wearer search(byte[] id, byte[] seedId, long nowMillis) {
        if (nowMillis - trialsSince >= 1000 || nowMillis < trialsSince) {
            trialsSince = nowMillis;
            trials = 0;
        }
        if (trials >= TRIALS_PER_SECOND) {
            return null;
        }
        for (Wearer wearer : wearers.values()) {
            trials++;
            if (wearer.is(id, seedId)) {
                return wearer;
            }
        }
        return null;
    }
}
