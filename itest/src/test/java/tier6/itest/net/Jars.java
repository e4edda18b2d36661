package tier6.itest.net;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import tier6.itest.felix.Distribution;

/** New versions of bundles, for updates. */
public final class Jars {
    private Jars() {}

    /** The jar of a bundle that the distribution ships. */
    public static Path shipped(String bundle) throws IOException {
        try (Stream<Path> jars = Files.list(Distribution.directory().resolve("bundle"))) {
            return jars.filter(jar -> jar.getFileName().toString().matches("(\\d+-)?" + bundle + "-[0-9].*\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no " + bundle + " in the distribution"));
        }
    }

    /** The same code as another version. */
    public static Path version(Path jar, String version, Path to) throws IOException {
        return with(jar, Map.of("Bundle-Version", version), to);
    }

    /** A copy with other headers. */
    public static Path with(Path jar, Map<String, String> headers, Path to) throws IOException {
        try (JarFile from = new JarFile(jar.toFile())) {
            Manifest manifest = new Manifest(from.getManifest());
            headers.forEach(manifest.getMainAttributes()::putValue);
            try (OutputStream file = Files.newOutputStream(to);
                    JarOutputStream out = new JarOutputStream(file, manifest)) {
                for (JarEntry entry : from.stream().toList()) {
                    if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        out.putNextEntry(new JarEntry(entry.getName()));
                        from.getInputStream(entry).transferTo(out);
                        out.closeEntry();
                    }
                }
            }
        }
        return to;
    }
}
