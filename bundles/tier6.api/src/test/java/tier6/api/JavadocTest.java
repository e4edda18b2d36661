package tier6.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.DocumentationTool;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever writes a plug-in works from this javadoc alone: it builds without complaint, and nothing lacks words. */
class JavadocTest {
    /** A first sentence that says it all needs no tags that say it again. */
    private static final Set<String> NOT_ASKED_FOR = Set.of("@param", "@return", "@throws");

    @TempDir
    private Path directory;

    @Test
    void buildsWithoutWarnings() throws Exception {
        DocumentationTool javadoc = ToolProvider.getSystemDocumentationTool();
        assumeTrue(javadoc != null, "this Java has no javadoc: run with a JDK");
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        List<Path> sources;
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            sources = files.filter(file -> file.toString().endsWith(".java")).toList();
        }
        try (StandardJavaFileManager files = javadoc.getStandardFileManager(found, null, null)) {
            List<String> options = new ArrayList<>(List.of("-d", directory.toString(), "-quiet", "-Xdoclint:all"));
            options.addAll(List.of("-Xmaxwarns", "10000", "-classpath", System.getProperty("java.class.path")));
            boolean built = javadoc.getTask(
                            null, files, found, null, options, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            List<String> complaints = found.getDiagnostics().stream()
                    .filter(d -> d.getKind() != Diagnostic.Kind.NOTE)
                    .filter(d -> NOT_ASKED_FOR.stream().noneMatch(d.getMessage(null)::contains))
                    .map(d -> d.getSource() + ":" + d.getLineNumber() + ": " + d.getMessage(null))
                    .toList();
            assertEquals(List.of(), complaints);
            assertTrue(built);
        }
    }
}
