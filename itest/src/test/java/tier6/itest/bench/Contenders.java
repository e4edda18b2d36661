package tier6.itest.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tier6.itest.bench.Contender.Arena;
import tier6.itest.bench.Contender.Ends;
import tier6.itest.felix.Distribution;
import tier6.itest.net.Command;
import tier6.itest.net.Host;
import tier6.itest.net.Pair;
import tier6.itest.net.TestFlock;

/**
 * Ours, the C node, and what Debian has. Each is configured as its manual suggests for two hosts on a 1500-byte path,
 * with the largest MTU that does not fragment.
 */
final class Contenders {
    private static final String OURS = "tier6";

    private Contenders() {}

    static List<Contender> all() {
        List<Contender> all = new ArrayList<>();
        all.add(new Contender(
                "veth",
                "no tunnel at all",
                List.of(),
                arena -> new Ends(arena.b().address(), List.of(), List.of())));
        all.add(new Contender("vxlan", "L2, kernel, clear text", List.of(), Contenders::vxlan));
        for (Path jdk : jdks()) {
            String version = jdk.getFileName().toString().replaceAll("\\D*(\\d+).*", "$1");
            all.add(ours(OURS + "-jdk" + version, "L2, AES-256-GCM", jdk, Map.of()));
        }
        Path newest = jdks().get(0);
        Map<String, String> off = Map.of("offload", "off");
        Map<String, String> on = Map.of("realtime", "true");
        all.add(ours(
                OURS + "-realtime",
                "L2, AES-256-GCM",
                newest,
                Map.of("tier6.tap.linux", on, "tier6.underlay.linux", on)));
        all.add(ours(OURS + "-no-tap-offload", "L2, AES-256-GCM", newest, Map.of("tier6.tap.linux", off)));
        all.add(ours(OURS + "-no-udp-offload", "L2, AES-256-GCM", newest, Map.of("tier6.underlay.linux", off)));
        String reference = System.getenv("TIER6_REFERENCE");
        if (reference != null) {
            String bin = reference + "/bin/";
            all.add(new Contender("c-tier6", "L2, AES-256-GCM", List.of(bin + "tier6", bin + "sanctum"), arena -> {
                TestFlock flock =
                        new TestFlock(arena.directory(), 2, arena.helper().address());
                arena.helper()
                        .start(
                                "cathedral",
                                Map.of(),
                                bin + "sanctum",
                                "-c",
                                flock.cathedralConf().toString());
                arena.a()
                        .start(
                                "c",
                                Map.of(),
                                bin + "tier6",
                                flock.nodeConf(1, "").toString());
                arena.b()
                        .start(
                                "c",
                                Map.of(),
                                bin + "tier6",
                                flock.nodeConf(2, "").toString());
                return arena.join("t6tap", "t6tap", 1404, "c");
            }));
        }
        all.add(new Contender("tinc", "L2, AES-256-CBC, SHA-256", List.of("tincd"), Contenders::tinc));
        all.add(new Contender("fastd", "L2, Salsa20/12, UMAC", List.of("fastd"), Contenders::fastd));
        all.add(new Contender("n2n", "L2, Twofish", List.of("edge", "supernode"), Contenders::n2n));
        all.add(new Contender("openvpn", "L2, AES-256-GCM", List.of("openvpn", "openssl"), Contenders::openvpn));
        all.add(new Contender("nebula", "L3, AES-256-GCM", List.of("nebula", "nebula-cert"), Contenders::nebula));
        all.add(new Contender(
                "wireguard-go", "L3, ChaCha20-Poly1305", List.of("wireguard-go", "wg"), Contenders::wireguard));
        return all;
    }

    /** The JDKs of this machine, newest first. */
    private static List<Path> jdks() {
        try (var homes = Files.list(Path.of("/usr/lib/jvm"))) {
            return homes.filter(home -> !Files.isSymbolicLink(home) && Files.isExecutable(home.resolve("bin/java")))
                    .sorted((x, y) -> Integer.compare(major(y), major(x)))
                    .toList();
        } catch (java.io.IOException e) {
            return List.of(Path.of(System.getProperty("java.home")));
        }
    }

    private static int major(Path jdk) {
        String digits = jdk.getFileName().toString().replaceAll("\\D*(\\d+).*", "$1");
        return digits.matches("\\d+") ? Integer.parseInt(digits) : 0;
    }

    /** Ours in an installation of its own, with these properties for each PID. */
    private static Contender ours(String name, String about, Path jdk, Map<String, Map<String, String>> components) {
        return new Contender(name, about, List.of(), arena -> {
            TestFlock flock = new TestFlock(arena.directory(), 2, arena.helper().address());
            Path home = arena.directory().resolve("installation");
            Command.run("cp", "-a", Distribution.directory().toString(), home.toString());
            Pair.configure(home, components);
            String launcher = home.resolve("bin/tier6").toString();
            // As the package does when it is installed.
            Command.run("env", "JAVA_HOME=" + jdk, launcher, "prepare");
            Map<String, String> environment = Map.of("JAVA_HOME", jdk.toString());
            arena.helper()
                    .start(
                            "cathedral",
                            environment,
                            launcher,
                            "cathedral",
                            flock.cathedralConf().toString());
            arena.a().start(OURS, environment, launcher, flock.nodeConf(1, "").toString());
            arena.b().start(OURS, environment, launcher, flock.nodeConf(2, "").toString());
            return arena.join("t6tap", "t6tap", 1404, OURS);
        });
    }

    private static Ends vxlan(Arena arena) throws Exception {
        vxlanEnd(arena.a(), arena.b());
        vxlanEnd(arena.b(), arena.a());
        arena.join("vx0", "vx0", 1450, "");
        return new Ends(Arena.OVERLAY_B, List.of(), List.of());
    }

    private static void vxlanEnd(Host here, Host there) {
        here.run(("ip link add vx0 type vxlan id 7 local " + here.address() + " remote " + there.address()
                        + " dstport 4789 dev eth0")
                .split(" "));
    }

    private static Ends tinc(Arena arena) throws Exception {
        Path a = tincEnd(arena, arena.a(), "a", "ConnectTo = b\n");
        Path b = tincEnd(arena, arena.b(), "b", "");
        Files.copy(a.resolve("hosts/a"), b.resolve("hosts/a"));
        Files.copy(b.resolve("hosts/b"), a.resolve("hosts/b"));
        arena.a().start("tinc", Map.of(), "tincd", "-c", a.toString(), "-D", "--pidfile=" + a.resolve("pid"));
        arena.b().start("tinc", Map.of(), "tincd", "-c", b.toString(), "-D", "--pidfile=" + b.resolve("pid"));
        return arena.join("tinc0", "tinc0", 1400, "tinc");
    }

    private static Path tincEnd(Arena arena, Host host, String name, String extra) throws Exception {
        Path home = Files.createDirectories(arena.directory().resolve(name));
        Files.createDirectories(home.resolve("hosts"));
        Files.writeString(
                home.resolve("tinc.conf"),
                "Name = " + name + "\nMode = switch\nDeviceType = tap\nDevice = /dev/net/tun\nInterface = tinc0\n"
                        + "AddressFamily = ipv4\n" + extra);
        Path up = home.resolve("tinc-up");
        Files.writeString(up, "#!/bin/sh\n");
        up.toFile().setExecutable(true);
        Files.writeString(
                home.resolve("hosts/" + name),
                "Address = " + host.address() + "\nCipher = aes-256-cbc\nDigest = sha256\nCompression = 0\n");
        Command.run("tincd", "-c", home.toString(), "-K2048");
        return home;
    }

    private static Ends fastd(Arena arena) throws Exception {
        String[] a = fastdKeys();
        String[] b = fastdKeys();
        fastdEnd(arena, arena.a(), arena.b(), a[0], b[1]);
        fastdEnd(arena, arena.b(), arena.a(), b[0], a[1]);
        return arena.join("fd0", "fd0", 1406, "fastd");
    }

    private static String[] fastdKeys() {
        String text = Command.run("fastd", "--generate-key");
        return new String[] {
            text.replaceAll("(?s).*Secret: (\\w+).*", "$1"), text.replaceAll("(?s).*Public: (\\w+).*", "$1")
        };
    }

    private static void fastdEnd(Arena arena, Host here, Host there, String secret, String peer) throws Exception {
        Path conf = arena.directory().resolve("fastd-" + here.address() + ".conf");
        Files.writeString(conf, """
                log level warn;
                mode tap;
                interface "fd0";
                method "salsa2012+umac";
                mtu 1406;
                bind %s:10000;
                secret "%s";
                peer "other" { key "%s"; remote %s:10000; }
                """.formatted(here.address(), secret, peer, there.address()));
        here.start("fastd", Map.of(), "fastd", "-c", conf.toString());
    }

    private static Ends n2n(Arena arena) throws Exception {
        arena.helper().start("supernode", Map.of(), "supernode", "-l", "7654");
        n2nEnd(arena, arena.a(), Arena.OVERLAY_A, "02:00:00:00:00:01");
        n2nEnd(arena, arena.b(), Arena.OVERLAY_B, "02:00:00:00:00:02");
        return arena.join("n2n0", "n2n0", 1400, "n2n");
    }

    private static void n2nEnd(Arena arena, Host host, String address, String mac) throws Exception {
        String supernode = arena.helper().address() + ":7654";
        host.start(
                "n2n",
                Map.of(),
                ("edge -d n2n0 -a " + address + " -c bench -k bench -l " + supernode + " -M 1400 -m " + mac)
                        .split(" "));
    }

    private static Ends openvpn(Arena arena) throws Exception {
        String a = openvpnCertificate(arena, "a");
        String b = openvpnCertificate(arena, "b");
        openvpnEnd(arena, arena.a(), arena.b(), "a", b, "tls-client");
        openvpnEnd(arena, arena.b(), arena.a(), "b", a, "tls-server");
        return arena.join("ovpn0", "ovpn0", 1400, "openvpn");
    }

    private static String openvpnCertificate(Arena arena, String name) {
        Path base = arena.directory().resolve(name);
        Command.run(("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN="
                        + name + " -keyout " + base + ".key -out " + base + ".crt")
                .split(" "));
        return Command.run(("openssl x509 -noout -fingerprint -sha256 -in " + base + ".crt").split(" "))
                .replaceAll("(?s).*=(\\S+).*", "$1");
    }

    private static void openvpnEnd(Arena arena, Host here, Host there, String name, String peer, String role)
            throws Exception {
        Path base = arena.directory().resolve(name);
        Path conf = arena.directory().resolve(name + ".ovpn");
        Files.writeString(conf, """
                dev ovpn0
                dev-type tap
                proto udp4
                local %s
                remote %s 1194
                port 1194
                %s
                dh none
                cert %s.crt
                key %s.key
                peer-fingerprint "%s"
                data-ciphers AES-256-GCM
                disable-dco
                tun-mtu 1400
                mssfix 0
                sndbuf 0
                rcvbuf 0
                """.formatted(here.address(), there.address(), role, base, base, peer));
        here.start("openvpn", Map.of(), "openvpn", "--config", conf.toString());
    }

    private static Ends nebula(Arena arena) throws Exception {
        Path d = arena.directory();
        Command.run(("nebula-cert ca -name bench -out-crt " + d + "/ca.crt -out-key " + d + "/ca.key").split(" "));
        nebulaEnd(arena, arena.a(), "a", Arena.OVERLAY_A, false);
        nebulaEnd(arena, arena.b(), "b", Arena.OVERLAY_B, true);
        return arena.join("neb0", "neb0", 1400, "nebula");
    }

    private static void nebulaEnd(Arena arena, Host host, String name, String address, boolean lighthouse)
            throws Exception {
        Path d = arena.directory();
        Command.run(("nebula-cert sign -ca-crt " + d + "/ca.crt -ca-key " + d + "/ca.key -name " + name + " -ip "
                        + address + "/24 -out-crt " + d + "/" + name + ".crt -out-key " + d + "/" + name + ".key")
                .split(" "));
        Path conf = d.resolve(name + ".yml");
        Files.writeString(conf, """
                pki: {ca: %1$s/ca.crt, cert: %1$s/%2$s.crt, key: %1$s/%2$s.key}
                static_host_map: {"%3$s": ["%4$s:4242"], "%5$s": ["%6$s:4242"]}
                lighthouse: {am_lighthouse: %7$s, interval: 60, hosts: [%8$s]}
                listen: {host: 0.0.0.0, port: 4242}
                cipher: aes
                tun: {dev: neb0, mtu: 1400, tx_queue: 500}
                logging: {level: warning, format: text}
                firewall:
                  outbound: [{port: any, proto: any, host: any}]
                  inbound: [{port: any, proto: any, host: any}]
                """.formatted(
                        d,
                        name,
                        Arena.OVERLAY_A,
                        arena.a().address(),
                        Arena.OVERLAY_B,
                        arena.b().address(),
                        lighthouse,
                        lighthouse ? "" : '"' + Arena.OVERLAY_B + '"'));
        host.start("nebula", Map.of(), "nebula", "-config", conf.toString());
    }

    private static Ends wireguard(Arena arena) throws Exception {
        Path d = arena.directory();
        for (String name : List.of("a", "b")) {
            Command.run(
                    "sh",
                    "-c",
                    "umask 077; wg genkey > " + d + "/" + name + "; wg pubkey < " + d + "/" + name + " > " + d + "/"
                            + name + ".pub");
        }
        wireguardEnd(arena, arena.a(), arena.b(), "a", "b", Arena.OVERLAY_B);
        wireguardEnd(arena, arena.b(), arena.a(), "b", "a", Arena.OVERLAY_A);
        return arena.join("wg-a", "wg-b", 1420, "wireguard-go");
    }

    /** The interfaces differ in name because that is also the name of a socket in the file system. */
    private static void wireguardEnd(Arena arena, Host here, Host there, String me, String other, String allowed)
            throws Exception {
        Path d = arena.directory();
        String device = "wg-" + me;
        here.start("wireguard-go", Map.of(), "wireguard-go", "-f", device);
        for (int i = 0; i < 100 && !here.tryRun("ip", "link", "show", device).ok(); i++) {
            Thread.sleep(50);
        }
        Thread.sleep(300);
        String peer = Files.readString(d.resolve(other + ".pub")).strip();
        here.run(("wg set " + device + " listen-port 51820 private-key " + d.resolve(me) + " peer " + peer
                        + " allowed-ips " + allowed + "/32 endpoint " + there.address() + ":51820")
                .split(" "));
    }
}
