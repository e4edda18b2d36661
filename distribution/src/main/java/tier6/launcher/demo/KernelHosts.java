package tier6.launcher.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hosts that are network namespaces of Linux: real interfaces, and the kernel's own stack answers. */
final class KernelHosts implements Hosts {
    private static final Pattern TIME = Pattern.compile("time[=<]([0-9.]+) ms");

    private final long pid = ProcessHandle.current().pid();
    private final List<Family> families = new ArrayList<>(List.of(Family.IPV4));

    /** Makes a namespace for each of {@code nodes} nodes. */
    KernelHosts(int nodes, Undo undo) throws Exception {
        for (int number = 1; number <= nodes; number++) {
            String namespace = namespace(number);
            undo.step(() -> add(namespace), KernelHosts::delete);
            Program.must("ip", "-n", namespace, "link", "set", "dev", "lo", "up");
        }
        if (Files.exists(Path.of("/proc/net/if_inet6"))) {
            families.add(Family.IPV6);
        }
    }

    /** Why there cannot be such hosts here, if there cannot. */
    static Optional<String> obstacle() throws InterruptedException {
        if (!System.getProperty("os.name").equals("Linux")) {
            return Optional.of("this is not Linux");
        }
        if (!isRoot()) {
            return Optional.of("not running as root");
        }
        if (!Files.exists(Path.of("/dev/net/tun"))) {
            return Optional.of("there is no /dev/net/tun");
        }
        try {
            Program.run("ping", "-V");
            String trial = "t6demo-" + ProcessHandle.current().pid() + "-0";
            Program.must("ip", "netns", "add", trial);
            delete(trial);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            return false;
        }
    }

    private static String add(String namespace) throws IOException, InterruptedException {
        Program.must("ip", "netns", "add", namespace);
        return namespace;
    }

    private static void delete(String namespace) throws IOException, InterruptedException {
        Program.must("ip", "netns", "delete", namespace);
    }

    private String namespace(int number) {
        return "t6demo-" + pid + "-" + number;
    }

    @Override
    public String description() {
        return "real interfaces in network namespaces t6demo-" + pid + "-*, the kernel answers";
    }

    @Override
    public String driver() {
        return "linux";
    }

    @Override
    public String tapName(int number) {
        return "t6d" + pid + "-" + number;
    }

    @Override
    public void move(DemoNode node) throws IOException, InterruptedException {
        String namespace = namespace(node.number());
        String tap = tapName(node.number());
        Program.must("ip", "link", "set", "dev", tap, "netns", namespace);
        for (Family family : families) {
            List<String> add = new ArrayList<>(
                    List.of("ip", "-n", namespace, "address", "add", address(family, node), "dev", tap));
            if (family == Family.IPV6) {
                add.add("nodad"); // usable at once
            }
            Program.must(add.toArray(String[]::new));
        }
        Program.must("ip", "-n", namespace, "link", "set", "dev", tap, "up");
    }

    private static String address(Family family, DemoNode node) {
        return family.address(node.number()) + (family == Family.IPV4 ? "/24" : "/64");
    }

    @Override
    public List<Family> families() {
        return List.copyOf(families);
    }

    @Override
    public Optional<Duration> ping(DemoNode from, DemoNode to, Family family) throws IOException, InterruptedException {
        Program.Result result = Program.run(
                "ip",
                "netns",
                "exec",
                namespace(from.number()),
                "ping",
                family == Family.IPV4 ? "-4" : "-6",
                "-n",
                "-c",
                "1",
                "-W",
                "1",
                family.address(to.number()));
        Matcher time = TIME.matcher(result.output());
        if (result.status() != 0 || !time.find()) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofNanos(Math.round(Double.parseDouble(time.group(1)) * 1e6)));
    }
}
