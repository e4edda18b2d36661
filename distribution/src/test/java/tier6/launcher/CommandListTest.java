package tier6.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tier6.launcher.control.Completion;

/** What the usage names is in the manual and in the completion too. */
class CommandListTest {
    private static final Pattern WORD = Pattern.compile("(?:tier6|\\|) ([a-z]+)\\b");

    @Test
    void theManualHasEveryCommand() throws Exception {
        Set<String> manual = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of("src/deb/man/tier6.1"))) {
            if (line.startsWith(".It Cm ")) {
                manual.addAll(List.of(line.substring(7).split("[ ,]+")));
            }
        }
        assertEquals(Set.of(), missing(manual));
    }

    @Test
    void theCompletionHasEveryCommand() {
        PrintStream out = System.out;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said));
        try {
            assertEquals(0, Completion.run(List.of("commands")));
        } finally {
            System.setOut(out);
        }
        assertEquals(Set.of(), missing(said.toString().lines().collect(Collectors.toSet())));
    }

    private static Set<String> missing(Set<String> present) {
        Set<String> commands = new TreeSet<>();
        Main.USAGE.lines().filter(line -> line.contains("tier6 ")).forEach(line -> {
            Matcher matcher = WORD.matcher(line);
            while (matcher.find()) {
                commands.add(matcher.group(1));
            }
        });
        assertFalse(commands.isEmpty());
        commands.removeAll(present);
        return commands;
    }
}
