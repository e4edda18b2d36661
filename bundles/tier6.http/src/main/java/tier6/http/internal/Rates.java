package tier6.http.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tier6.api.peer.PeerId;
import tier6.api.vswitch.PortStatus;

/** Traffic of the switch's ports between one look and the next. One thread. */
final class Rates {
    /**
     * What was measured.
     *
     * @param seconds between the two looks; 0 at the first, which has no rates
     * @param roundTrips seconds to each peer and back, of those who answered
     */
    record Report(double seconds, List<Rate> ports, Map<PeerId, Duration> roundTrips) {}

    /** Traffic of a port in each second; in is into the switch. */
    record Rate(String port, double framesIn, double framesOut, double bytesIn, double bytesOut, double drops) {}

    private Map<String, Map<String, Long>> before = Map.of();
    private long last;

    Report look(List<PortStatus> ports, Map<PeerId, Duration> roundTrips) {
        long now = System.nanoTime();
        double seconds = before.isEmpty() ? 0 : (now - last) / 1e9;
        Map<String, Map<String, Long>> current = new HashMap<>();
        List<Rate> rates = new ArrayList<>();
        for (PortStatus port : ports) {
            current.put(port.name(), port.counters());
            Map<String, Long> then = before.get(port.name());
            if (then != null) {
                rates.add(rate(port, then, seconds));
            }
        }
        before = current;
        last = now;
        return new Report(seconds, rates, roundTrips);
    }

    private static Rate rate(PortStatus port, Map<String, Long> then, double seconds) {
        Map<String, Long> now = port.counters();
        double drops = now.keySet().stream()
                .filter(name -> name.startsWith("drop"))
                .mapToDouble(name -> perSecond(name, then, now, seconds))
                .sum();
        return new Rate(
                port.name(),
                perSecond("frames-in", then, now, seconds),
                perSecond("frames-out", then, now, seconds),
                perSecond("bytes-in", then, now, seconds),
                perSecond("bytes-out", then, now, seconds),
                drops);
    }

    /** Counters only go up; a port that came back under its name begins at 0. */
    private static double perSecond(String name, Map<String, Long> then, Map<String, Long> now, double seconds) {
        return Math.max(0, now.getOrDefault(name, 0L) - then.getOrDefault(name, 0L)) / seconds;
    }
}
