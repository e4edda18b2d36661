package tier6.launcher.plugin;

import java.nio.file.Path;
import java.util.List;
import tier6.launcher.Installation;
import tier6.launcher.command.Commands;

/** The commands for authors of plug-ins. No framework is started. */
public final class Plugin {
    private static final String USAGE = """
            Usage: tier6 plugin COMMAND ...

            For who writes a plug-in; docs/plugin.md goes through all of it in fifteen minutes.

              new    a complete plug-in that builds, to be changed
              api    puts the contracts into the local Maven repository

            'tier6 plugin COMMAND --help' says more.
            """;

    private static final Commands<Surroundings> COMMANDS =
            new Commands<>("plugin", USAGE, List.of(NewPlugin.COMMAND, InstallApi.COMMAND));

    private Plugin() {}

    /** {@code tier6 plugin …}: returns the exit status. */
    public static int run(List<String> typed) {
        return run(typed, new Surroundings(System.out, System.err, Path.of(""), Installation.locate()));
    }

    static int run(List<String> typed, Surroundings here) {
        return COMMANDS.run(typed, here);
    }
}
