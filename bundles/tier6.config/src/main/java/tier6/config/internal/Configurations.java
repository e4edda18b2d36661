package tier6.config.internal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import tier6.config.ConfigException;
import tier6.config.Tier6Conf;

/**
 * Turns the file that the framework property {@value Tier6Conf#PROPERTY} names into configurations, once, when this bundle
 * starts. Without that property it does nothing: then configurations come from elsewhere.
 */
@Component(service = {})
public final class Configurations {
    private static final Logger LOG = System.getLogger("tier6.config");

    @Activate
    public Configurations(BundleContext context, @Reference ConfigurationAdmin admin) throws IOException {
        String file = context.getProperty(Tier6Conf.PROPERTY);
        if (file == null) {
            return;
        }
        try {
            for (Map.Entry<String, Map<String, Object>> entry :
                    of(Tier6Conf.parse(Path.of(file))).entrySet()) {
                write(admin, entry.getKey(), entry.getValue());
            }
        } catch (ConfigException e) {
            e.problems().forEach(problem -> LOG.log(Level.ERROR, problem.toString()));
        }
    }

    private static void write(ConfigurationAdmin admin, String pid, Map<String, Object> properties) throws IOException {
        Dictionary<String, Object> dictionary = new Hashtable<>(properties);
        int tilde = pid.indexOf('~');
        // The location "?" lets the component of any bundle read it.
        (tilde < 0
                        ? admin.getConfiguration(pid, "?")
                        : admin.getFactoryConfiguration(pid.substring(0, tilde), pid.substring(tilde + 1), "?"))
                .update(dictionary);
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
