package tier6.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tier6.launcher.control.Completion;
import tier6.launcher.control.DoctorCommand;
import tier6.launcher.control.Remote;
import tier6.launcher.demo.Demo;
import tier6.launcher.keys.Keys;
import tier6.launcher.network.Networks;
import tier6.launcher.plugin.Plugin;
import tier6.launcher.reliquary.Reliquary;

/** The program {@code tier6}: reads its arguments and hands over to whom they name. */
public final class Main {
    private static final Path DEFAULT_FILE = Path.of("/etc/tier6.conf");

    static final String USAGE = """
            Usage: tier6 up                       makes a network and shows an invitation to it
                   tier6 join INVITATION          joins a network
                   tier6 invite | invitations | invitation revoke ID | approve [DEVICE] | refuse DEVICE
                                                  who may come, where the network was made
                   tier6 devices | revoke DEVICE  who is in, where the network was made
                   tier6 rename NEW | leave       this device; --help after any of these says more
                   tier6 [-d] [-s] [-t] [FILE]    a node; FILE is /etc/tier6.conf unless given
                   tier6 cathedral [-d] [-s] [-t] FILE
                                                  a cathedral
                   tier6 cathedral add-device --help
                                                  a new device for it
                   tier6 keys --help              keys of flocks and devices
                   tier6 reliquary --help         flocks and devices at a Reliquary
                   tier6 plugin --help            for who writes plug-ins
                   tier6 demo [--nodes N] [--for DURATION]
                                                  a whole network in this process
                   tier6 COMMAND [--node NAME] [--json] [--watch [SECONDS]]
                                                  asks the node that runs here: status, peers, names, macs,
                                                  ports, sources, cathedrals, counters, ping, trace, capture,
                                                  swap, reload and what its plug-ins add; --help says more
                   tier6 check FILE               what a configuration file means, or what is wrong with it
                   tier6 doctor [FILE]            what is wrong here, and what to do
                   tier6 shell [LINE]             the whole shell of that node
                   tier6 prepare                  makes starts quicker from now on; again for another Java
                   tier6 completion bash|zsh      completion for that shell
                   tier6 help COMMAND             what that does; also COMMAND --help
                   tier6 help | -h | -v           this text; the version

              -d  go to the background and log to syslog
              -s  log to syslog
              -t  check FILE and say what is wrong with it, nothing more

            Environment: JAVA_HOME names the Java runtime, TIER6_JAVA_OPTS adds flags for it,
            TIER6_NODE names the node to ask, TIER6_LOG is error, warning, info (the default) or debug,
            TIER6_LOG_FORMAT=json makes each line of the log an object.
            """;

    private Main() {}

    public static void main(String[] args) {
        int status = run(List.of(args));
        System.out.flush();
        System.exit(status);
    }

    private static int run(List<String> args) {
        if (Networks.has(args)) {
            return Networks.run(args, new NodeStarter());
        }
        String word = args.isEmpty() ? "" : args.get(0);
        List<String> rest = args.subList(Math.min(1, args.size()), args.size());
        return switch (word) {
            case "cathedral" -> cathedral(rest);
            case "check" -> Check.run(rest);
            case "completion" -> Completion.run(rest);
            case "demo" -> Demo.run(rest);
            case "doctor" -> DoctorCommand.run(rest);
            case "help", "--help" -> help(rest);
            case "--version" -> {
                version();
                yield 0;
            }
            case "keys" -> Keys.run(rest);
            case "plugin" -> Plugin.run(rest);
            case "prepare" -> Rehearsal.run(rest);
            case "reliquary" -> Reliquary.run(rest);
            default -> word.matches("[a-z][a-z0-9-]*") ? Remote.run(args) : daemon(false, args);
        };
    }

    /** As with {@code --help} behind the words. */
    private static int help(List<String> words) {
        if (words.isEmpty()) {
            usage("");
            return 0;
        }
        List<String> asked = new ArrayList<>(words);
        asked.add("--help");
        return run(asked);
    }

    private static int cathedral(List<String> args) {
        return !args.isEmpty() && args.get(0).equals("add-device")
                ? Keys.addDevice(args.subList(1, args.size()))
                : daemon(true, args);
    }

    /** The command line of the C program, specification 17.3, exit statuses included; a cathedral has the same. */
    private static int daemon(boolean cathedral, List<String> args) {
        boolean check = false;
        boolean syslog = false;
        List<Path> files = new ArrayList<>();
        boolean options = true;
        for (String arg : args) {
            if (options && arg.equals("--")) {
                options = false;
            } else if (options && arg.equals("--help")) {
                return help(List.of());
            } else if (options && arg.length() > 1 && arg.startsWith("-")) {
                for (char option : arg.substring(1).toCharArray()) {
                    switch (option) {
                        case 's' -> syslog = true;
                        case 't' -> check = true;
                        case 'v' -> {
                            return version();
                        }
                        case 'h' -> {
                            return usage("");
                        }
                        case 'd' -> {
                            return usage("-d is for bin/tier6, which sends this program to the background.\n\n");
                        }
                        default -> {
                            return usage("There is no option '-" + option + "'.\n\n");
                        }
                    }
                }
            } else {
                files.add(Path.of(arg));
            }
        }
        if (files.size() > 1) {
            return usage("One configuration file, please, not " + files.size() + ".\n\n");
        }
        if (cathedral) {
            if (files.isEmpty()) {
                return usage("Which configuration file? Its options are those of sanctum.conf in mode cathedral.\n\n");
            }
            return check ? CathedralServer.check(files.get(0)) : CathedralServer.run(files.get(0), syslog);
        }
        Path file = files.isEmpty() ? DEFAULT_FILE : files.get(0);
        return check ? Node.check(file) : Node.run(file, syslog);
    }

    private static int usage(String complaint) {
        System.out.print(complaint + USAGE);
        return 1;
    }

    private static int version() {
        String version = Main.class.getPackage().getImplementationVersion();
        System.out.println("tier6 " + (version == null ? "unpackaged" : version) + " (Java " + Runtime.version() + ")");
        return 1;
    }
}
