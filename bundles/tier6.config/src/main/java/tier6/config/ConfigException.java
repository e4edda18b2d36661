package tier6.config;

import java.util.List;
import java.util.stream.Collectors;

/** All that is wrong with a configuration file, at once. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    ConfigException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** In the order of lines; never empty. */
    public List<Problem> problems() {
        return problems;
    }
}
