package tier6.itest.felix;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.ops4j.pax.exam.CoreOptions;
import org.ops4j.pax.exam.ExamSystem;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.TestContainer;
import org.ops4j.pax.exam.spi.PaxExamRuntime;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import tier6.itest.bridge.Probes;

/**
 * A Felix framework, run by pax-exam's native container, with the bundles that the distribution ships and a probe
 * bundle that holds the test classes.
 */
final class FelixNode implements AutoCloseable {
    /** Packages that the probe takes from the test class path, so that assertions fail as they do outside. */
    private static final String[] SHARED = {
        "org.junit.jupiter.api",
        "org.junit.jupiter.api.function",
        "org.junit.jupiter.api.extension",
        "org.junit.jupiter.api.io",
        "org.opentest4j",
        "org.apiguardian.api",
        "javax.inject",
        "tier6.itest.bridge"
    };

    private final ExamSystem system;
    private final TestContainer container;
    private final String key = UUID.randomUUID().toString();

    FelixNode() {
        try {
            system = PaxExamRuntime.createServerSystem(options());
            container = PaxExamRuntime.createContainer(system);
            container.start();
            container.install(probe());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Option[] options() throws IOException {
        List<Option> options = new ArrayList<>();
        options.add(CoreOptions.systemPackages(SHARED));
        options.add(CoreOptions.workingDirectory("target/paxexam/" + key));
        options.add(CoreOptions.frameworkProperty("gosh.args").value("--nointeractive"));
        try (Stream<Path> jars = Files.list(Distribution.directory().resolve("bundle"))) {
            jars.sorted()
                    .forEach(jar -> options.add(CoreOptions.bundle(jar.toUri().toString())));
        }
        return options.toArray(Option[]::new);
    }

    /** A bundle of all test classes but the shared ones. */
    private InputStream probe() throws IOException {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", "tier6.itest.probe");
        headers.putValue("Bundle-Activator", Probes.Activator.class.getName());
        headers.putValue("Import-Package", "org.osgi.framework,tier6.itest.bridge");
        headers.putValue("DynamicImport-Package", "*");
        headers.putValue(Probes.KEY, key);
        Path classes;
        try {
            classes = Path.of(FelixNode.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (java.net.URISyntaxException e) {
            throw new IOException(e);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = classes.relativize(file).toString().replace('\\', '/');
                if (!name.startsWith("tier6/itest/bridge/") && !name.startsWith("META-INF/MANIFEST")) {
                    jar.putNextEntry(new JarEntry(name));
                    Files.copy(file, jar);
                    jar.closeEntry();
                }
            }
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    BundleContext context() {
        BundleContext context = Probes.context(key);
        if (context == null) {
            throw new IllegalStateException("the probe bundle did not start");
        }
        return context;
    }

    /** The class of that name as the probe bundle sees it. */
    Class<?> load(String name) throws ClassNotFoundException {
        Bundle probe = context().getBundle();
        return probe.loadClass(name);
    }

    @Override
    public void close() {
        try {
            container.stop();
        } finally {
            system.clear();
        }
    }
}
