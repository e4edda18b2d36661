package tier6.launcher.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tier6.launcher.command.Arguments;
import tier6.launcher.command.Command;
import tier6.launcher.command.Unusable;

/** {@code tier6 plugin new}: a copy of a template under another name. */
final class NewPlugin {
    static final Command<Surroundings> COMMAND = new Command<>("plugin new", "KIND NAME", """
            Makes the directory NAME with a complete plug-in: a pom.xml, a Java class that works,
            and a README.md. It is the bundle tier6.discovery.example under another name.

              KIND       discovery: a source of peers
              NAME       what it is called: small letters, digits and hyphens, such as my-source

            Build it with 'mvn package', after 'tier6 plugin api' has been run once.
            """, NewPlugin::run);

    private NewPlugin() {}

    private static void run(Arguments arguments, Surroundings here) throws IOException, Unusable {
        Path templates = here.installation().kit();
        String kind = arguments.text("KIND");
        if (!kind.matches("[a-z]+")
                || !Files.isRegularFile(templates.resolve(kind).resolve("pom.xml"))) {
            throw new Unusable("there is no template '" + kind + "', only: discovery");
        }
        String name = arguments.text("NAME");
        Template template = new Template(templates.resolve(kind), name);
        Path directory = here.directory().resolve(name);
        if (Files.exists(directory)) {
            throw new IOException(directory + " is there already: choose another name, or move it away");
        }
        List<Path> files = template.copyTo(directory);
        files.forEach(file -> here.tell("%s", file));
        here.tell("");
        here.tell("Next: cd %s && mvn package", name);
    }
}
