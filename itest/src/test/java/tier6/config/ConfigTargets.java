package tier6.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tier6.itest.fuzz.Decoder;
import tier6.itest.fuzz.Scratch;
import tier6.itest.fuzz.Target;

/** The configuration of a node. */
public final class ConfigTargets {
    private ConfigTargets() {}

    public static List<Target> all() {
        return List.of(new Target(
                "tier6-conf", 2048, List.of(Target.text("""
                # a node with a cathedral
                runas nobody
                kek-id 01
                cs-id 0a000001
                flock c0ffee1234567800
                tapname clan
                cathedral a.b.example:4500
                cs-path /etc/hostname
                cosk-path /etc/hostname
                kek-path /etc/hostname
                remembrance /tmp/remembrance
                mtu 1404
                local fd77::1
                """), Target.text("""
                kek-id fe
                tap memory
                mac-ageing 300
                unknown-unicast drop
                ethertypes 0800,0806,86dd
                peer 02 192.0.2.1:4500 /etc/hostname 4500
                peer 03 [2001:db8::1]:4500 /etc/hostname
                peer 04 host.example:4500 "/etc/host name"
                """), Target.text("""
                kek-id 0x01
                local ::1/
                cathedral a.b.c/:4500
                peer 02 [::1/]:4500 /etc/hostname
                """)), random -> conf()));
    }

    private static Decoder conf() throws IOException {
        Scratch file = Scratch.file();
        return (input, length) -> {
            file.write(input, length);
            try {
                new Tier6ConfParser(file.path(), new SomeHost()).parse();
            } catch (ConfigException e) {
                if (e.problems().isEmpty()) {
                    throw new AssertionError("wrong without a reason", e);
                }
            }
        };
    }

    /** A host that has every user: looking for one starts a program. */
    private static final class SomeHost implements Host {
        @Override
        public boolean isRoot() {
            return true;
        }

        @Override
        public boolean isLinux() {
            return true;
        }

        @Override
        public Optional<Path> homeOf(String user) {
            return user.isEmpty() ? Optional.empty() : Optional.of(Path.of("/home"));
        }
    }
}
