package tier6.discovery.file.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tier6.api.peer.PeerEntry;
import tier6.api.peer.PeerId;

/**
 * A domain with the records of DNS-SD (RFC 6763): {@code _tier6._udp.DOMAIN} has a PTR for each device, whose name has an SRV
 * with host and port and a TXT with {@code kek=02}.
 *
 * <p>A tunnel has a UDP socket of its own, so the port is that before the first one: where a device expects the device of
 * kek-id n is n further. A record needs no proof: without the secret that both have nobody gets a tunnel.
 */
final class PeerZone implements Origin {
    private static final int MOST_DEVICES = 254;
    private static final int MOST_PORT = 0xffff;

    private record Service(String host, int port) {}

    private final long flock;
    private final int self;
    private final String domain;
    private final Path secrets;
    private final NameService names;

    PeerZone(long flock, int self, String domain, Path secrets, NameService names) {
        this.flock = flock;
        this.self = self;
        this.domain = domain.replaceFirst("\\.$", "");
        this.secrets = secrets;
        this.names = names;
    }

    @Override
    public Answer ask() throws IOException {
        List<String> problems = new ArrayList<>();
        Map<Integer, Service> services = new TreeMap<>();
        List<String> instances = names.records("_tier6._udp." + domain, "PTR");
        if (instances.isEmpty()) {
            problems.add("_tier6._udp." + domain + " has no PTR records; the domain needs one for each device");
        }
        if (instances.size() > MOST_DEVICES) {
            problems.add(domain + " has more than " + MOST_DEVICES + " devices; the rest is ignored");
        }
        boolean complete = !instances.isEmpty();
        for (String instance : instances.subList(0, Math.min(MOST_DEVICES, instances.size()))) {
            try {
                services.put(device(instance), service(instance));
            } catch (IllegalArgumentException e) {
                problems.add(instance + " " + e.getMessage());
                complete = false;
            }
        }
        Service own = services.remove(self);
        if (own == null && !instances.isEmpty()) {
            problems.add(
                    "%s has no device with kek=%02x, this node: the others cannot find it".formatted(domain, self));
        }
        List<PeerEntry> entries = new ArrayList<>();
        services.forEach((device, service) -> {
            try {
                entries.add(new PeerEntry(
                        new PeerId(flock, device),
                        service.host,
                        service.port + self,
                        PeerEntry.readable(secrets.resolve("%02x".formatted(device))),
                        own == null ? 0 : own.port + device));
            } catch (IllegalArgumentException e) {
                problems.add(e.getMessage());
            }
        });
        return new Answer(entries, problems, complete);
    }

    private int device(String instance) throws IOException {
        for (String text : names.records(instance, "TXT")) {
            for (String word : text.replace("\"", " ").strip().split("\\s+")) {
                if (word.toLowerCase(Locale.ROOT).matches("kek=[0-9a-f]{1,2}")) {
                    int device = Integer.parseInt(word.substring("kek=".length()), 16);
                    if (device >= 1 && device <= MOST_DEVICES) {
                        return device;
                    }
                }
            }
        }
        throw new IllegalArgumentException("has no TXT record with its kek-id, such as kek=02");
    }

    private Service service(String instance) throws IOException {
        for (String text : names.records(instance, "SRV")) {
            String[] words = text.strip().split("\\s+");
            if (words.length == 4 && words[2].matches("\\d{1,5}")) {
                int port = Integer.parseInt(words[2]);
                if (port >= 1 && port <= MOST_PORT - MOST_DEVICES) {
                    return new Service(words[3].replaceFirst("\\.$", ""), port);
                }
            }
        }
        throw new IllegalArgumentException(
                "has no SRV record with a host and a port from 1 to " + (MOST_PORT - MOST_DEVICES));
    }
}
