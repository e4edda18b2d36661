package tier6.metrics.internal;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.LinkedHashMap;
import java.util.Map;

/** Metrics in the making. What has the same name and the same labels is added up. One thread. */
final class Families {
    private final Map<String, Family> counters = new LinkedHashMap<>();
    private final Map<String, Family> gauges = new LinkedHashMap<>();

    private final Map<String, Family> infos = new LinkedHashMap<>();

    private record Family(String help, Map<Labels, Double> points) {}

    /**
     * Adds to a counter.
     *
     * @param name without {@code _total}, which the formats add
     * @param labels names and values by turns
     */
    void counter(String name, String help, double value, String... labels) {
        add(counters, name, help, value, labels);
    }

    /** Adds to a gauge. Arguments as above; a name that ends with a unit has that unit. */
    void gauge(String name, String help, double value, String... labels) {
        add(gauges, name, help, value, labels);
    }

    /** Adds a row of texts, whose value is always 1. The name is without {@code _info}, which the formats add. */
    void info(String name, String help, String... labels) {
        add(infos, name, help, 1, labels);
    }

    private static void add(Map<String, Family> families, String name, String help, double value, String... labels) {
        families.computeIfAbsent(name, n -> new Family(help, new LinkedHashMap<>()))
                .points
                .merge(Labels.of(labels), value, Double::sum);
    }

    MetricSnapshots snapshots() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        counters.forEach((name, family) -> {
            CounterSnapshot.Builder builder = CounterSnapshot.builder();
            family.points.forEach((labels, value) -> builder.dataPoint(CounterDataPointSnapshot.builder()
                    .labels(labels)
                    .value(value)
                    .build()));
            all.metricSnapshot(describe(builder, name, family).build());
        });
        gauges.forEach((name, family) -> {
            GaugeSnapshot.Builder builder = GaugeSnapshot.builder();
            family.points.forEach((labels, value) -> builder.dataPoint(
                    GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
            all.metricSnapshot(describe(builder, name, family).build());
        });
        infos.forEach((name, family) -> {
            InfoSnapshot.Builder builder = InfoSnapshot.builder();
            family.points
                    .keySet()
                    .forEach(labels -> builder.dataPoint(
                            InfoDataPointSnapshot.builder().labels(labels).build()));
            all.metricSnapshot(describe(builder, name, family).build());
        });
        return all.build();
    }

    private static <T extends MetricSnapshot.Builder<T>> T describe(T builder, String name, Family family) {
        T described = builder.name(name).help(family.help);
        if (name.endsWith("_bytes")) {
            return described.unit(Unit.BYTES);
        }
        return name.endsWith("_seconds") ? described.unit(Unit.SECONDS) : described;
    }
}
