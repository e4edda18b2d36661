package tier6.launcher.demo;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tier6.tap.memory.MemoryHost;
import tier6.tap.memory.MemoryTapDriver;

/** Hosts behind interfaces in memory, with a small stack of our own. */
final class MemoryHosts implements Hosts {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    @Override
    public String description() {
        return "interfaces in memory, a small host in each node answers";
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
    public void move(DemoNode node) throws UnknownHostException {
        List<InetAddress> addresses = new ArrayList<>();
        for (Family family : families()) {
            addresses.add(InetAddress.getByName(family.address(node.number())));
        }
        host(node)
                .orElseThrow(() -> new IllegalStateException(node.name() + " has no host in memory"))
                .addresses(addresses);
    }

    @Override
    public List<Family> families() {
        return List.of(Family.values());
    }

    @Override
    public Optional<Duration> ping(DemoNode from, DemoNode to, Family family)
            throws UnknownHostException, InterruptedException {
        InetAddress target = InetAddress.getByName(family.address(to.number()));
        Optional<MemoryHost> host = host(from);
        return host.isEmpty() ? Optional.empty() : host.get().ping(target, PATIENCE);
    }

    private Optional<MemoryHost> host(DemoNode node) {
        return node.service(MemoryTapDriver.class).flatMap(driver -> driver.host(tapName(node.number())));
    }
}
