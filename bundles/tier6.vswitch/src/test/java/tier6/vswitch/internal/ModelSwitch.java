package tier6.vswitch.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tier6.api.frame.Ethernet;
import tier6.api.vswitch.PortKind;

/** A switch as one would write it who has all the time in the world. */
final class ModelSwitch {
    private static final class Entry {
        String port;
        long time;
        long turn;
    }

    private static final long RENEWAL = 1_000_000_000L;

    private final Map<String, PortKind> ports = new LinkedHashMap<>();
    private final Map<Long, Entry> macs = new HashMap<>();
    final Map<String, List<Integer>> sent = new HashMap<>();
    private long turn;
    long ageing;
    int capacity;
    boolean flood;
    EtherTypes types = EtherTypes.ALL;

    void attach(String name, PortKind kind) {
        ports.put(name, kind);
        sent.put(name, new ArrayList<>());
    }

    void detach(String name) {
        ports.remove(name);
        macs.values().removeIf(entry -> entry.port.equals(name));
    }

    void age(long now) {
        macs.values().removeIf(entry -> now - entry.time > ageing + RENEWAL);
    }

    Optional<String> lookup(long mac, long now) {
        return Optional.ofNullable(macs.get(mac))
                .filter(entry -> now - entry.time <= ageing + RENEWAL)
                .map(entry -> entry.port);
    }

    int size(String port) {
        return (int) macs.values().stream().filter(e -> e.port.equals(port)).count();
    }

    void input(String from, byte[] frame, long now) {
        if (!ports.containsKey(from) || frame.length < 14 || !types.passes(Ethernet.etherType(frame, 0))) {
            return;
        }
        learn(Ethernet.mac(frame, 6), from, now);
        long destination = Ethernet.mac(frame, 0);
        if (destination == 0) {
            return;
        }
        Optional<String> known = Ethernet.isGroup(destination) ? Optional.empty() : lookup(destination, now);
        if (known.isEmpty() && !Ethernet.isGroup(destination) && !flood) {
            return;
        }
        for (String to : known.map(List::of).orElse(List.copyOf(ports.keySet()))) {
            boolean tunnels = ports.get(from) == PortKind.TUNNEL && ports.get(to) == PortKind.TUNNEL;
            if (!to.equals(from) && !tunnels) {
                sent.get(to).add(Wire.number(frame));
            }
        }
    }

    private void learn(long mac, String from, long now) {
        if (mac == 0 || Ethernet.isGroup(mac)) {
            return;
        }
        Entry entry = macs.get(mac);
        if (entry != null && entry.port.equals(from)) {
            if (now - entry.time >= RENEWAL) {
                entry.time = now;
                entry.turn = turn++;
            }
            return;
        }
        while (size(from) >= capacity) {
            macs.values()
                    .remove(macs.values().stream()
                            .filter(e -> e.port.equals(from))
                            .min(Comparator.comparingLong(e -> e.turn))
                            .orElseThrow());
        }
        Entry next = new Entry();
        next.port = from;
        next.time = now;
        next.turn = turn++;
        macs.put(mac, next);
    }
}
