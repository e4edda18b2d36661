package tier6.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What plug-ins can see of this bundle is what {@code signature.txt} says: nobody changes a contract without noticing.
 * bnd-baseline compares with the last release; until there is one, and for what happens between two, this file stands in.
 */
class SignatureTest {
    private static final Path CLASSES = Path.of("target/classes");
    private static final Path SIGNATURE = Path.of("signature.txt");
    private static final Set<String> OF_EVERY_OBJECT = Set.of("equals", "hashCode", "toString");
    private static final String REMEDY = "the contracts differ from signature.txt. If that is what you want: a method"
            + " that others implement must have a default; raise the @Version of the package (minor for an addition,"
            + " major for a change that breaks plug-ins; below 1.0 a minor one) unless it was raised since the last"
            + " release; then accept it: mvn test -pl bundles/tier6.api -Dtest=SignatureTest -Dtier6.api.accept=yes";

    @Test
    void theContractsAreThoseThatWereAgreed() throws Exception {
        String now = String.join("\n", signature()) + "\n";
        if (System.getProperty("tier6.api.accept") != null) {
            Files.writeString(SIGNATURE, now);
        }
        assertEquals(Files.readString(SIGNATURE), now, REMEDY);
    }

    private static List<String> signature() throws IOException, ClassNotFoundException {
        List<String> names;
        try (Stream<Path> files = Files.walk(CLASSES)) {
            names = files.map(file -> CLASSES.relativize(file).toString())
                    .filter(file -> file.endsWith(".class"))
                    .map(file -> file.replace(".class", "").replace('/', '.').replace('\\', '.'))
                    .sorted()
                    .toList();
        }
        Set<String> lines = new TreeSet<>();
        for (String name : names) {
            Class<?> type = Class.forName(name);
            if (name.endsWith(".package-info")) {
                lines.addAll(versions(type));
            } else if (visible(type.getModifiers()) && outer(type)) {
                lines.addAll(describe(type));
            }
        }
        return List.copyOf(lines);
    }

    private static boolean outer(Class<?> type) {
        return type.getEnclosingClass() == null
                || visible(type.getEnclosingClass().getModifiers());
    }

    private static boolean visible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    /** The annotations of OSGi are not there at run time: the version is read from the source. */
    private static List<String> versions(Class<?> packageInfo) throws IOException {
        String name = packageInfo.getPackageName();
        String source = Files.readString(
                Path.of("src/main/java").resolve(name.replace('.', '/')).resolve("package-info.java"));
        return source.lines()
                .filter(line -> line.startsWith("@Version("))
                .map(line -> name + " " + line)
                .toList();
    }

    private static List<String> describe(Class<?> type) {
        List<String> lines = new ArrayList<>();
        String kind = type.isAnnotation()
                ? "@interface"
                : type.isInterface() ? "interface" : type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
        String supertypes = Stream.concat(
                        Stream.ofNullable(type.getGenericSuperclass()), Arrays.stream(type.getGenericInterfaces()))
                .map(java.lang.reflect.Type::getTypeName)
                .filter(name -> !name.startsWith("java.lang."))
                .collect(Collectors.joining(", "));
        String name = type.getName();
        lines.add(name + " " + modifiers(type.getModifiers() & ~Modifier.ABSTRACT & ~Modifier.INTERFACE) + kind
                + (supertypes.isEmpty() ? "" : " : " + supertypes));
        if (type.isRecord()) {
            lines.add(name + " ("
                    + Arrays.stream(type.getRecordComponents())
                            .map(RecordComponent::toString)
                            .collect(Collectors.joining(", "))
                    + ")");
        }
        Stream.of(type.getDeclaredFields(), type.getDeclaredMethods(), type.getDeclaredConstructors())
                .flatMap(Arrays::stream)
                .filter(member -> visible(member.getModifiers()))
                .filter(member -> !member.isSynthetic() && !OF_EVERY_OBJECT.contains(member.getName()))
                .forEach(member -> lines.add(name + " " + describe(member)));
        return lines;
    }

    private static String describe(Member member) {
        if (member instanceof Field field) {
            return modifiers(field.getModifiers()) + field.getGenericType().getTypeName() + " " + field.getName();
        }
        Executable call = (Executable) member;
        String result = call instanceof Method method
                ? (method.isDefault() ? "default " : "")
                        + method.getGenericReturnType().getTypeName() + " " + method.getName()
                : "new";
        return modifiers(call.getModifiers() & ~Modifier.TRANSIENT & ~Modifier.VOLATILE & ~Modifier.SYNCHRONIZED)
                + result
                + Arrays.stream(call.getGenericParameterTypes())
                        .map(java.lang.reflect.Type::getTypeName)
                        .collect(Collectors.joining(", ", "(", ")"))
                + (call.getExceptionTypes().length == 0
                        ? ""
                        : Arrays.stream(call.getExceptionTypes())
                                .map(Class::getName)
                                .collect(Collectors.joining(", ", " throws ", "")));
    }

    private static String modifiers(int modifiers) {
        String text = Modifier.toString(modifiers & ~Modifier.PUBLIC);
        return text.isEmpty() ? "" : text + " ";
    }
}
