package tier6.itest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The doors between the rooms: which bundle may know which. The bundles are those that the distribution ships. */
class ArchitectureTest {
    private static JavaClasses classes;
    private static List<Path> bundles;

    @BeforeAll
    static void read() throws IOException {
        Path directory = Path.of(System.getProperty("tier6.distribution"), "bundle");
        try (Stream<Path> files = Files.list(directory)) {
            bundles = files.filter(file -> file.getFileName().toString().matches("(\\d+-)?tier6\\..*\\.jar"))
                    .sorted()
                    .toList();
        }
        JarFile[] jars = new JarFile[bundles.size()];
        for (int i = 0; i < jars.length; i++) {
            jars[i] = new JarFile(bundles.get(i).toFile());
        }
        classes = new ClassFileImporter().importJars(jars);
        for (JarFile jar : jars) {
            jar.close();
        }
    }

    /** A bundle's root package is its symbolic name, so the bundle of a class can be read off its package. */
    @Test
    void everyClassLivesInARoomOfItsBundlesName() throws IOException {
        for (Path bundle : bundles) {
            try (JarFile jar = new JarFile(bundle.toFile())) {
                String name = jar.getManifest().getMainAttributes().getValue("Bundle-SymbolicName");
                String room = room(name.replaceAll(";.*", "")).replace('.', '/') + "/";
                List<String> strangers = jar.stream()
                        .map(entry -> entry.getName())
                        .filter(entry -> entry.endsWith(".class") && !entry.startsWith(room))
                        .toList();
                assertTrue(strangers.isEmpty(), name + " holds classes of others: " + strangers);
            }
        }
    }

    /** The package of a bundle; a part of a name that Java reserves has an underscore behind it. */
    private static String room(String bundle) {
        return bundle.replaceAll("\\.static$", ".static_");
    }

    @Test
    void whatIsInternalIsUsedByItsOwnBundleOnly() {
        classes()
                .that()
                .resideInAPackage("..internal..")
                .should(beUsedOnlyBelowTheParentOfInternal())
                .check(classes);
    }

    @Test
    void theContractsNeedNothingButTheJdk() {
        classes()
                .that()
                .resideInAPackage("tier6.api..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("tier6.api..", "java..", "org.osgi.annotation..")
                .check(classes);
    }

    @Test
    void theProtocolHasNoSocketsThreadsOrClock() {
        noClasses()
                .that()
                .resideInAPackage("tier6.sanctum..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.net\\.(Datagram)?Socket|java\\.nio\\.channels\\.(Datagram|Socket|ServerSocket).*|java\\.lang\\.Thread"
                                + "|java\\.util\\.concurrent\\..*Execut.*|java\\.time\\.Clock")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .check(classes);
    }

    @Test
    void backendsDoNotKnowEachOther() {
        String[] backends = {
            "tier6.mesh",
            "tier6.vswitch",
            "tier6.tap.linux",
            "tier6.tap.memory",
            "tier6.underlay.nio",
            "tier6.underlay.linux",
            "tier6.transport.sanctum",
            "tier6.discovery.static_",
            "tier6.discovery.file",
            "tier6.discovery.lan",
            "tier6.discovery.cathedral",
            "tier6.discovery.reliquary",
            "tier6.cathedral",
            "tier6.shell",
            "tier6.control",
            "tier6.diagnosis",
            "tier6.http",
            "tier6.metrics",
            "tier6.console",
            "tier6.config"
        };
        for (String backend : backends) {
            // What shows pages is no backend beside the HTTP server, but extends it.
            boolean page = backend.equals("tier6.metrics") || backend.equals("tier6.console");
            String[] others = Stream.of(backends)
                    .filter(other -> !other.equals(backend) && !(page && other.equals("tier6.http")))
                    .map(other -> other + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(backend + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .allowEmptyShould(true)
                    .check(classes);
        }
    }

    private static ArchCondition<JavaClass> beUsedOnlyBelowTheParentOfInternal() {
        return new ArchCondition<>("be used by their own bundle only") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                String room = type.getPackageName().replaceFirst("\\.internal.*", "");
                DescribedPredicate<JavaClass> inside = JavaClass.Predicates.resideInAPackage(room + "..");
                type.getDirectDependenciesToSelf().stream()
                        .filter(use -> !inside.test(use.getOriginClass()))
                        .forEach(use -> events.add(SimpleConditionEvent.violated(type, use.getDescription())));
            }
        };
    }
}
