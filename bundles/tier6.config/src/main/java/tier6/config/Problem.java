package tier6.config;

/**
 * Something wrong with a configuration file.
 *
 * @param file its name as the user gave it
 * @param line from 1, or 0 if the file as a whole is meant
 * @param what what is wrong, naming the word in question
 * @param remedy how to mend it
 */
public record Problem(String file, int line, String what, String remedy) {

    /** {@code file:line: what; remedy} */
    @Override
    public String toString() {
        return file + (line > 0 ? ":" + line : "") + ": " + what + "; " + remedy;
    }
}
