package tier6.launcher.control;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import tier6.control.Client;
import tier6.control.Places;

/** Completion for shells: a script for each, which asks this class for the words. */
public final class Completion {
    private static final List<String> HERE = List.of(
            "approve",
            "cathedral",
            "check",
            "completion",
            "demo",
            "devices",
            "doctor",
            "help",
            "invitation",
            "invitations",
            "invite",
            "join",
            "keys",
            "leave",
            "plugin",
            "prepare",
            "refuse",
            "reliquary",
            "rename",
            "revoke",
            "shell",
            "up");

    private static final String BASH = """
            # Completion of tier6 for bash: source this, or put it into /etc/bash_completion.d/tier6
            _tier6() {
                local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
                COMPREPLY=()
                case $before in
                    -w | check | -t) COMPREPLY=($(compgen -f -- "$word")); return ;;
                    completion) COMPREPLY=($(compgen -W 'bash zsh' -- "$word")); return ;;
                    --node) COMPREPLY=($(compgen -W "$(tier6 completion nodes 2>/dev/null)" -- "$word")); return ;;
                esac
                if ((COMP_CWORD == 1)); then
                    COMPREPLY=($(compgen -W "$(tier6 completion commands 2>/dev/null)" -- "$word")
                        $(compgen -f -- "$word"))
                elif [[ $word == -* ]]; then
                    COMPREPLY=($(compgen -W "$(tier6 completion options "${COMP_WORDS[1]}" 2>/dev/null)" -- "$word"))
                else
                    COMPREPLY=($(compgen -W "$(tier6 completion words "${COMP_WORDS[1]}" 2>/dev/null)" -- "$word"))
                fi
            }
            complete -o filenames -F _tier6 tier6
            """;

    private static final String ZSH = """
            #compdef tier6
            # Completion of tier6 for zsh: put it into a directory of $fpath as _tier6
            autoload -U +X bashcompinit && bashcompinit
            """ + BASH.substring(BASH.indexOf('\n') + 1);

    private Completion() {}

    /** Runs {@code tier6 completion WHAT}; returns the exit status. */
    public static int run(List<String> arguments) {
        String what = arguments.isEmpty() ? "" : arguments.get(0);
        String command = arguments.size() > 1 ? arguments.get(1) : "";
        switch (what) {
            case "bash" -> System.out.print(BASH);
            case "zsh" -> System.out.print(ZSH);
            case "nodes" -> Places.sockets().stream().map(Places::name).forEach(System.out::println);
            case "commands" -> commands().forEach(System.out::println);
            case "options" -> options(command).forEach(System.out::println);
            case "words" -> words(command).forEach(System.out::println);
            default -> {
                System.err.println("Usage: tier6 completion bash|zsh    prints a script for that shell; for instance:\n"
                        + "       source <(tier6 completion bash)");
                return 2;
            }
        }
        return 0;
    }

    private static TreeSet<String> commands() {
        TreeSet<String> commands = new TreeSet<>(HERE);
        for (String line : ask("help").split("\n")) {
            if (line.matches("tier6:[a-z][a-z0-9-]*\\s.*")) {
                commands.add(line.substring("tier6:".length()).split("\\s")[0]);
            }
        }
        return commands;
    }

    /** What the help of a command names. */
    private static TreeSet<String> options(String command) {
        TreeSet<String> options = new TreeSet<>(List.of("--help", "--node", "--watch"));
        for (String word : ask(command, "--help").split("[\\s,\\[\\]|=]+")) {
            if (word.matches("--[a-z][a-z-]*")) {
                options.add(word);
            }
        }
        return options;
    }

    /** Peers, hardware addresses and names of devices, as the tables of the node have them. */
    private static TreeSet<String> words(String command) {
        String[] from = switch (command) {
            case "ping" -> new String[] {"peers", "names"};
            case "trace" -> new String[] {"macs", "names"};
            default -> new String[0];
        };
        TreeSet<String> words = new TreeSet<>();
        for (String table : from) {
            for (String line : ask(table).split("\n")) {
                String[] cells = line.split("\\s+");
                if (table.equals("names") && cells.length > 1 && cells[1].endsWith(".t6")) {
                    words.add(cells[1].substring(0, cells[1].indexOf('.')));
                } else if (cells[0].matches("[0-9a-f:/]{17,}")) {
                    words.add(cells[0]);
                }
            }
        }
        return words;
    }

    /** What the first node that answers says; nothing if there is none. */
    private static String ask(String... words) {
        String chosen = System.getenv("TIER6_NODE");
        for (Path socket : chosen != null && chosen.indexOf('/') >= 0 ? List.of(Path.of(chosen)) : Places.sockets()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (Client client = new Client(socket, 1000)) {
                client.run(List.of(words), out, OutputStream.nullOutputStream());
                return out.toString(StandardCharsets.UTF_8);
            } catch (IOException e) {
                // Left from the dead, or not for this user.
            }
        }
        return "";
    }
}
