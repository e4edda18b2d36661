package tier6.launcher.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tier6.launcher.command.Unusable;

/** A plug-in to be copied under another name: that of files, packages, classes, bundle and configuration. */
final class Template {
    private static final String BUNDLE = "tier6.discovery.example";
    private static final String CLASS = "ExampleSource";
    private static final String NAME = "\"example\"";

    private static final Pattern NAMES = Pattern.compile("[a-z][a-z0-9]{0,31}(-[a-z0-9]{1,16}){0,4}");

    /** What Java keeps for itself (Java Language Specification 3.9). */
    private static final Set<String> RESERVED = Set.of(("abstract assert boolean break byte case catch char class const"
                    + " continue default do double else enum extends false final finally float for goto if implements"
                    + " import instanceof int interface long native new null package private protected public return"
                    + " short static strictfp super switch synchronized this throw throws transient true try void"
                    + " volatile while")
            .split(" "));

    private final Path origin;
    private final String name;

    /**
     * Names a copy.
     *
     * @throws Unusable if it cannot be called so
     */
    Template(Path origin, String name) throws Unusable {
        if (!NAMES.matcher(name).matches()) {
            throw new Unusable(
                    "'" + name + "' cannot be a name: write small letters, digits and hyphens, such as" + " my-source");
        }
        this.origin = origin;
        this.name = name;
    }

    /** Writes the copy; returns its files. */
    List<Path> copyTo(Path directory) throws IOException {
        List<Path> sources;
        try (Stream<Path> all = Files.walk(origin)) {
            sources = all.filter(Files::isRegularFile).sorted().toList();
        }
        List<Path> made = new ArrayList<>();
        for (Path source : sources) {
            String place = origin.relativize(source).toString().replace(BUNDLE.replace('.', '/'), javaPackage());
            Path file = directory.resolve(place.replace(CLASS, className()));
            Files.createDirectories(file.getParent());
            Files.writeString(file, rename(Files.readString(source)));
            made.add(file);
        }
        return made;
    }

    private String rename(String text) {
        return text.replace("package " + BUNDLE + ";", "package " + javaPackage() + ";")
                // A file etc/PID-NAME.cfg ends its PID with the first hyphen.
                .replace("configurationPid = \"" + BUNDLE, "configurationPid = \"" + javaPackage())
                .replace("etc/" + BUNDLE, "etc/" + javaPackage())
                .replace(BUNDLE, name)
                .replace(CLASS, className())
                .replace(NAME, '"' + name + '"');
    }

    private String javaPackage() {
        String word = name.replace('-', '_');
        return RESERVED.contains(word) ? word + "_" : word;
    }

    private String className() {
        String word = Stream.of(name.split("-"))
                .map(part -> part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1))
                .collect(Collectors.joining());
        return word.endsWith("Source") ? word : word + "Source";
    }
}
