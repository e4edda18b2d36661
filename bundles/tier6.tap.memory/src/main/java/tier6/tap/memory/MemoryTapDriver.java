package tier6.tap.memory;

import java.io.IOException;
import java.lang.System.Logger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.propertytypes.ServiceRanking;
import tier6.api.tap.TapConfig;
import tier6.api.tap.TapDriver;

/**
 * Opens {@link MemoryTap}s with a {@link MemoryHost} behind each. The hosts have the addresses that the property {@code
 * addresses} of PID {@code tier6.tap.memory} lists, with commas between them, besides those that they were opened with.
 */
@Component(
        service = {TapDriver.class, MemoryTapDriver.class},
        configurationPid = "tier6.tap.memory",
        property = "kind=memory")
@ServiceRanking(-100)
public final class MemoryTapDriver implements TapDriver {
    private static final Logger LOG = System.getLogger(MemoryTapDriver.class.getName());

    /** The host behind an interface, and the addresses that it was opened with. */
    private record Guest(MemoryHost host, List<InetAddress> own) {
        void addresses(List<InetAddress> more) {
            host.addresses(Stream.concat(own.stream(), more.stream()).distinct().toList());
        }
    }

    private final Map<String, Guest> hosts = new ConcurrentHashMap<>();
    private volatile List<InetAddress> addresses = List.of();

    /** Makes a driver whose hosts have no address but the link-local one. */
    public MemoryTapDriver() {}

    @Activate
    @Modified
    void configure(Map<String, Object> properties) {
        try {
            List<InetAddress> next =
                    parse(properties.getOrDefault("addresses", "").toString());
            addresses = next;
            hosts.values().forEach(guest -> guest.addresses(next));
        } catch (IllegalArgumentException e) {
            LOG.log(Logger.Level.ERROR, "tier6.tap.memory: addresses: " + e.getMessage());
        }
    }

    private static List<InetAddress> parse(String text) {
        List<InetAddress> all = new ArrayList<>();
        for (String word : text.split("[,\\s]+")) {
            if (!word.isEmpty()) {
                all.add(address(word));
            }
        }
        return all;
    }

    private static InetAddress address(String word) {
        if (word.matches("[0-9]+(\\.[0-9]+){3}") || word.matches("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            try {
                return MemoryHost.checked(InetAddress.getByName(word));
            } catch (UnknownHostException e) {
                // Said below.
            }
        }
        throw new IllegalArgumentException("not an address such as 10.6.0.1 or fd06::1: " + word);
    }

    @Override
    public String kind() {
        return "memory";
    }

    @Override
    public MemoryTap open(TapConfig config) throws IOException {
        MemoryTap tap = new MemoryTap(config);
        List<InetAddress> own =
                config.addresses().stream().map(TapConfig.Address::ip).toList();
        Guest guest = new Guest(new MemoryHost(tap), own);
        guest.addresses(addresses);
        hosts.put(config.name(), guest);
        return tap;
    }

    /** The host behind the TAP that was opened last with this name. */
    public Optional<MemoryHost> host(String tap) {
        return Optional.ofNullable(hosts.get(tap)).map(Guest::host);
    }
}
