package tier6.itest.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import tier6.itest.felix.Distribution;

/** Two hosts in a {@link Lab} with a node each, which know one another without a cathedral: up within two seconds. */
public final class Pair implements AutoCloseable {
    private static final String TAP = "t6tap";
    private static final int FIRST_PORT = 4500;
    private static final int ATTEMPTS = 60;

    private final Lab lab;
    private final Path directory;
    private final int tapMtu;

    /**
     * Adds the hosts and starts nothing.
     *
     * @param underlayMtu of the Ethernet between the hosts
     * @param tapMtu of the interfaces
     */
    public Pair(Path directory, int underlayMtu, int tapMtu) throws IOException {
        this.directory = directory;
        this.tapMtu = tapMtu;
        lab = new Lab(directory, underlayMtu);
        lab.host("n1", "10.66.0.1");
        lab.host("n2", "10.66.0.2");
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        Files.write(directory.resolve("secret"), secret);
    }

    /** Host 1 or 2. */
    public Host host(int n) {
        return lab.hosts().get(n - 1);
    }

    /** The address of a node on the interfaces of tier6. */
    public static String v4(int n) {
        return "10.77.0." + n;
    }

    /** As {@link #v4}. */
    public static String v6(int n) {
        return "fd77::" + n;
    }

    /**
     * Starts both nodes and waits until one pings the other.
     *
     * @param components for each PID its properties, beside what the configuration file says
     * @param environment of the nodes
     */
    public void start(Map<String, Map<String, String>> components, Map<String, String> environment) throws Exception {
        Path home = directory.resolve("tier6");
        Command.run("cp", "-a", Distribution.directory().toString(), home.toString());
        configure(home, components);
        for (int n = 1; n <= 2; n++) {
            int other = 3 - n;
            Path conf = directory.resolve("node" + n + ".conf");
            Files.writeString(conf, """
                    runas nobody
                    kek-id %02x
                    tapname %s
                    mtu %d
                    peer %02x 10.66.0.%d:%d %s %d
                    """.formatted(
                    n, TAP, tapMtu, other, other, FIRST_PORT + other, directory.resolve("secret"), FIRST_PORT + n));
            host(n).start("node", environment, home.resolve("bin/tier6").toString(), conf.toString());
        }
        for (int n = 1; n <= 2; n++) {
            awaitInterface(host(n));
            host(n).run("ip", "addr", "replace", v4(n) + "/24", "dev", TAP);
            host(n).run("ip", "-6", "addr", "replace", v6(n) + "/64", "dev", TAP, "nodad");
        }
        for (int i = 0; !host(1).pings(v4(2)); i++) {
            if (i == ATTEMPTS) {
                throw new IOException("no ping: " + host(1).logText("node") + host(2).logText("node"));
            }
        }
    }

    private static void awaitInterface(Host host) throws Exception {
        for (int i = 0; !host.tryRun("ip", "link", "show", TAP).output().contains("UP"); i++) {
            if (i == 5 * ATTEMPTS) {
                throw new IOException("no interface: " + host.logText("node"));
            }
            Thread.sleep(100);
        }
    }

    /** Gives components of an installation their properties. */
    public static void configure(Path home, Map<String, Map<String, String>> components) throws IOException {
        for (Map.Entry<String, Map<String, String>> component : components.entrySet()) {
            StringBuilder text = new StringBuilder();
            component.getValue().forEach((name, value) -> text.append(name + " = " + value + "\n"));
            Files.writeString(home.resolve("etc").resolve(component.getKey() + ".cfg"), text);
        }
    }

    @Override
    public void close() {
        lab.close();
    }
}
