package tier6.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import tier6.config.Tier6Conf;

/**
 * A node that comes and goes and meets nobody. {@code bin/tier6 prepare} lets the JVM watch it and archive the classes that
 * it has loaded and linked (JEP 350), those of bundles included, for all later starts.
 */
final class Rehearsal {
    private static final String USAGE = """
            Usage: tier6 prepare

            Makes an archive of classes for the Java runtime that tier6 uses now, in the directory 'cds' of this
            installation, or in ~/.cache/tier6/cds where that is not writable. Later starts map it and are quicker.
            It is found no more, and does no harm, when Java or tier6 were updated: run this again then.
            """;

    /**
     * What a node on Linux with a cathedral uses and this one here does not, or not all of it. No more than that: the JVM moves
     * the archive to another address at each start, so all of it is in the memory of each node.
     */
    private static final Set<String> ALSO = Set.of(
            "tier6.discovery.cathedral",
            "tier6.libc",
            "tier6.sanctum",
            "tier6.tap.linux",
            "tier6.transport.sanctum",
            "tier6.underlay.linux");

    /** As {@link #ALSO}, in the launcher: commands to a node that runs. */
    private static final String COMMANDS = "tier6/launcher/control/";

    /** Until what a node does a little later has been done once, too. */
    private static final long MILLIS = 2_500;

    private Rehearsal() {}

    static int run(List<String> args) {
        if (!args.isEmpty()) {
            System.out.print(USAGE);
            return args.get(0).equals("--help") || args.get(0).equals("-h") ? 0 : 2;
        }
        try {
            Path directory = Files.createTempDirectory("tier6-prepare");
            try {
                run(directory);
            } finally {
                delete(directory);
            }
            return 0;
        } catch (IOException | BundleException e) {
            System.err.println("tier6 prepare: " + e);
            return 1;
        } catch (InterruptedException e) {
            return 1;
        }
    }

    private static void run(Path directory) throws IOException, BundleException, InterruptedException {
        Installation installation = Installation.locate();
        Path file = configuration(directory);
        // What a node does first; lambdas are archived where they were used.
        if (Node.check(file) != 0) {
            throw new IOException("the configuration of this node is wrong");
        }
        Doors.check(installation);
        NodeFramework.Settings settings = NodeFramework.Settings.of(installation, directory.resolve("cache"))
                .with(Tier6Conf.PROPERTY, file.toString())
                // No bundles but our own.
                .with(
                        "felix.fileinstall.dir",
                        Files.createDirectory(directory.resolve("plugins")).toString());
        try (NodeFramework node = NodeFramework.start(settings)) {
            for (Bundle bundle : node.context().getBundles()) {
                if (ALSO.contains(bundle.getSymbolicName())) {
                    link(bundle);
                }
            }
            link(installation.home().resolve("lib/tier6-launcher.jar"));
            Thread.sleep(MILLIS);
        }
    }

    /** A node with an interface in memory and one static peer, at the port for discarding of this host. */
    private static Path configuration(Path directory) throws IOException {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        Path key = Files.write(directory.resolve("key"), secret);
        return Files.writeString(directory.resolve("tier6.conf"), """
                runas -
                kek-id 01
                tapname tier6
                tap memory
                peer 02 127.0.0.1:9 %s
                """.formatted(key));
    }

    /** Loads and links every class of a bundle. */
    private static void link(Bundle bundle) {
        Enumeration<URL> entries = bundle.findEntries("/", "*.class", true);
        for (URL url : entries == null ? List.<URL>of() : Collections.list(entries)) {
            String name = name(url.getPath().substring(1));
            try {
                // Listing the methods of a class links it.
                bundle.loadClass(name).getDeclaredMethods();
            } catch (ClassNotFoundException | LinkageError e) {
                // It needs what is not there, so nobody will ever use it here.
            }
        }
    }

    /** The same for the launcher's {@link #COMMANDS}. */
    private static void link(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            file.stream()
                    .map(ZipEntry::getName)
                    .filter(entry -> entry.startsWith(COMMANDS) && entry.endsWith(".class"))
                    .forEach(entry -> {
                        try {
                            Class.forName(name(entry), false, Rehearsal.class.getClassLoader())
                                    .getDeclaredMethods();
                        } catch (ClassNotFoundException | LinkageError e) {
                            // As above.
                        }
                    });
        }
    }

    private static String name(String entry) {
        return entry.substring(0, entry.length() - ".class".length()).replace('/', '.');
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
