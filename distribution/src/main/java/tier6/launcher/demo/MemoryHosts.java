package tier6.launcher.demo;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Hosts inside the memory TAPs. */
final class MemoryHosts implements Hosts {
    @Override
    public String description() {
        return "interfaces in memory";
    }

    @Override
    public String driver() {
        return "memory";
    }

    @Override
    public String tapName(int number) {
        return "tier6-" + number;
    }

    @Override
    public void move(DemoNode node) {}

    @Override
    public List<Family> families() {
        return List.of(Family.values());
    }

    @Override
    public Optional<Duration> ping(DemoNode from, DemoNode to, Family family) {
        return Optional.empty();
    }
}
