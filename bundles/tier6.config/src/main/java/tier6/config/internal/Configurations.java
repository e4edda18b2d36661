package tier6.config.internal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import tier6.config.ConfigException;
import tier6.config.Tier6Conf;
import tier6.json.Json;

/**
 * Turns the file that the framework property {@value Tier6Conf#PROPERTY} names into configurations: when this bundle starts,
 * and again at {@code tier6:reload}, when only those that changed are touched. Without that property it does nothing: then
 * configurations come from elsewhere.
 */
@Component(
        service = Configurations.class,
        immediate = true,
        property = {"osgi.command.scope=tier6", "osgi.command.function=reload"})
public final class Configurations {
    private static final Logger LOG = System.getLogger("tier6.config");

    private static final String HELP = """
            tier6:reload [-n] [--json]

            reads the configuration file again and changes what has changed; a file with a
            mistake changes nothing

              -n      only say what would change
              --json  the changes as JSON

            Tunnels stay up unless what they are made of changes: flock, kek-id, cs-id, keys,
            local or shroud.""";

    private final ConfigurationAdmin admin;
    private final Path file;
    private final String tap;
    private Map<String, Map<String, Object>> current = Map.of();

    @Activate
    public Configurations(BundleContext context, @Reference ConfigurationAdmin admin) throws IOException {
        this(context.getProperty(Tier6Conf.PROPERTY), context.getProperty(Tier6Conf.TAP_PROPERTY), admin);
    }

    Configurations(String file, String tap, ConfigurationAdmin admin) throws IOException {
        this.admin = admin;
        this.file = file == null ? null : Path.of(file);
        this.tap = tap;
        if (file == null) {
            return;
        }
        try {
            apply(read());
        } catch (ConfigException e) {
            e.problems().forEach(problem -> LOG.log(Level.ERROR, problem.toString()));
        }
    }

    private Map<String, Map<String, Object>> read() throws ConfigException {
        Map<String, Map<String, Object>> all = of(Tier6Conf.parse(file));
        if (tap != null) {
            all.get("tier6.mesh").putAll(Map.of("driver.target", "(kind=" + tap + ")", "runas", ""));
        }
        return all;
    }

    /** As {@code --json} has it: whether it was done, and the changes. */
    private record Reloaded(String file, boolean done, List<Item> changes) {
        private record Item(String component, List<Change.Property> properties, String effect) {}

        static List<Item> of(List<Change> changes) {
            return changes.stream()
                    .map(change -> new Item(change.pid(), change.properties(), change.effect()))
                    .toList();
        }
    }

    /**
     * The command: reads the file again. Any thread; two at once wait for each other.
     *
     * @throws IllegalArgumentException with all that is wrong with the file or the arguments
     */
    public synchronized String reload(String... arguments) throws IOException {
        List<String> typed = List.of(arguments);
        if (typed.contains("-h") || typed.contains("--help")) {
            return HELP;
        }
        if (!Set.of("-n", "--json").containsAll(typed)) {
            throw new IllegalArgumentException("reload takes -n and --json; see tier6 reload --help");
        }
        if (file == null) {
            throw new IOException("this node has no configuration file to read again");
        }
        try {
            Map<String, Map<String, Object>> next = read();
            List<Change> changes = Change.between(current, next);
            boolean now = !typed.contains("-n");
            if (now) {
                apply(next);
                changes.forEach(change -> LOG.log(Level.INFO, "reloaded: " + change.text()));
            }
            if (typed.contains("--json")) {
                return Json.write(new Reloaded(file.toString(), now, Reloaded.of(changes)));
            }
            return changes.isEmpty()
                    ? "nothing has changed in " + file
                    : changes.stream().map(Change::text).collect(Collectors.joining("\n"));
        } catch (ConfigException e) {
            throw new IllegalArgumentException(
                    "nothing is changed, because the file has mistakes:\n" + e.getMessage(), e);
        }
    }

    private void apply(Map<String, Map<String, Object>> next) throws IOException {
        for (Map.Entry<String, Map<String, Object>> entry : next.entrySet()) {
            if (!Change.isSame(current.get(entry.getKey()), entry.getValue())) {
                configuration(entry.getKey()).update(new Hashtable<>(entry.getValue()));
            }
        }
        for (String gone : current.keySet()) {
            if (!next.containsKey(gone)) {
                configuration(gone).delete();
            }
        }
        current = next;
    }

    private Configuration configuration(String pid) throws IOException {
        int tilde = pid.indexOf('~');
        // The location "?" lets the component of any bundle read it.
        return tilde < 0
                ? admin.getConfiguration(pid, "?")
                : admin.getFactoryConfiguration(pid.substring(0, tilde), pid.substring(tilde + 1), "?");
    }

    /** The configurations by PID, as tier6.api's README lists them. */
    static Map<String, Map<String, Object>> of(Tier6Conf conf) {
        String local = conf.local().map(InetAddress::getHostAddress).orElse("");
        String flock = "%016x".formatted(conf.flock());

        Map<String, Object> mesh = new HashMap<>(Map.of(
                "tap.name", conf.tapName(), "tap.mac", conf.mac(), "tap.mtu", conf.mtu(), "runas", conf.runas()));
        if (!conf.tap().isEmpty()) {
            mesh.put("driver.target", "(kind=" + conf.tap() + ")");
        }
        if (!conf.addresses().isEmpty()) {
            mesh.put("tap.addresses", conf.addresses().toArray(String[]::new));
        }
        Map<String, Object> tunnels = new HashMap<>();
        tunnels.put("flock", flock);
        tunnels.put("kek.id", "%02x".formatted(conf.kekId()));
        if (conf.shroud()) {
            tunnels.put("shroud", true);
        }
        if (!local.isEmpty()) {
            tunnels.put("local", local);
        }
        conf.cathedral().ifPresent(cathedral -> {
            tunnels.put("cs.id", "%08x".formatted(conf.csId()));
            tunnels.put("cs.path", cathedral.csPath().toString());
            tunnels.put("cosk.path", cathedral.coskPath().toString());
            tunnels.put("kek.path", cathedral.kekPath().toString());
        });

        Map<String, Map<String, Object>> all = new HashMap<>();
        all.put("tier6.mesh", mesh);
        all.put(
                "tier6.vswitch",
                Map.of(
                        "ageing", conf.macAgeing(),
                        "unknown.unicast", conf.unknownUnicast(),
                        "ethertypes", conf.ethertypes()));
        all.put("tier6.transport.sanctum", tunnels);
        conf.cathedral().ifPresent(cathedral -> {
            Map<String, Object> discovery = new HashMap<>(tunnels);
            discovery.put("group", cathedral.group());
            discovery.put("hidden", cathedral.hidden());
            if (!cathedral.tunnels().isEmpty()) {
                discovery.put("tunnels", cathedral.tunnels().toArray(String[]::new));
            }
            cathedral.remembrance().ifPresent(path -> discovery.put("remembrance", path.toString()));
            if (cathedral.reliquary().isPresent()) {
                discovery.put("directory", cathedral.reliquary().get().toString());
                discovery.keySet().removeAll(Set.of("kek.id", "cs.id", "cs.path", "cosk.path", "kek.path"));
                all.put("tier6.discovery.reliquary~main", discovery);
            } else {
                discovery.put("cathedral", cathedral.address());
                all.put("tier6.discovery.cathedral~main", discovery);
            }
        });
        conf.keeper().ifPresent(keeper -> {
            Path directory = keeper.directory();
            keeper.cathedral()
                    .ifPresent(cathedral -> all.put(
                            "tier6.cathedral~keep",
                            Map.of(
                                    "local", keeper.serve(),
                                    "nat.port", cathedral.natPort(),
                                    "cathedral.ip", cathedral.announced(),
                                    "secretdir", directory.resolve("secretdir").toString(),
                                    "settings",
                                            directory.resolve("settings.conf").toString())));
            all.put("tier6.admission", Map.of("directory", directory.toString(), "local", keeper.serve()));
        });
        conf.names()
                .ifPresent(file -> all.put("tier6.names", Map.of("file", file.toString(), "tap.name", conf.tapName())));
        if (!conf.peers().isEmpty()) {
            all.put(
                    "tier6.discovery.static~main",
                    Map.of(
                            "flock",
                            flock,
                            "peers",
                            conf.peers().stream().map(Configurations::text).toArray(String[]::new)));
        }
        String kekId = "%02x".formatted(conf.kekId());
        conf.sources()
                .file()
                .ifPresent(file -> all.put(
                        "tier6.discovery.file~main", Map.of("flock", flock, "kek.id", kekId, "file", file.toString())));
        conf.sources()
                .dns()
                .ifPresent(dns -> all.put(
                        "tier6.discovery.dns~main",
                        Map.of(
                                "flock",
                                flock,
                                "kek.id",
                                kekId,
                                "domain",
                                dns.domain(),
                                "secrets",
                                dns.secrets().toString())));
        conf.sources()
                .lan()
                .ifPresent(lan -> all.put(
                        "tier6.discovery.lan~main",
                        Map.of(
                                "flock", flock,
                                "kek.id", kekId,
                                "secret", lan.secret().toString(),
                                "port", lan.port(),
                                "tap", conf.tapName())));
        conf.http().ifPresent(http -> {
            Map<String, Object> server = new HashMap<>(Map.of("listen", http.listen(), "remote", http.remote()));
            http.token().ifPresent(token -> server.put("token.path", token.toString()));
            if (!http.names().isEmpty()) {
                server.put("names", http.names().toArray(String[]::new));
            }
            all.put("tier6.http", server);
        });
        return all;
    }

    private static String text(Tier6Conf.StaticPeer peer) {
        String text = "%02x %s %s".formatted(peer.kekId(), peer.address(), peer.secret());
        return peer.localPort() == 0 ? text : text + " " + peer.localPort();
    }
}
