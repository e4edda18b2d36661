package tier6.control;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What crosses the socket: a kind and at most {@value #MOST} bytes.
 *
 * @param kind what the bytes are
 * @param body the bytes; nobody changes them
 */
public record Message(Kind kind, byte[] body) {
    /** The most bytes of a body. */
    public static final int MOST = 0xffff;

    /** Who says what. The position of a constant is its number on the wire. */
    public enum Kind {
        /** Client: run a command of scope {@code tier6}. Texts: columns of the terminal, its name, its arguments. */
        COMMAND,
        /** Client: the whole Gogo shell. Texts: columns of the terminal, and a line to run instead of asking for some. */
        SHELL,
        /** Client: what was typed. */
        INPUT,
        /** Client: nothing more will be typed. */
        INPUT_END,
        /** Client: come to an end. The command is interrupted and may still say something. */
        STOP,
        /** Node: what goes to standard output. */
        OUTPUT,
        /** Node: what goes to standard error. */
        ERROR,
        /** Node: the command has ended. Text: its exit status. */
        STATUS
    }

    /** A message of texts, which hold no NUL. */
    public static Message of(Kind kind, List<String> texts) {
        return new Message(kind, String.join("\0", texts).getBytes(StandardCharsets.UTF_8));
    }

    /** The texts of a message that was made of some. */
    public List<String> texts() {
        String all = new String(body, StandardCharsets.UTF_8);
        List<String> texts = new ArrayList<>();
        int from = 0;
        for (int nul = all.indexOf('\0'); nul >= 0; nul = all.indexOf('\0', from)) {
            texts.add(all.substring(from, nul));
            from = nul + 1;
        }
        texts.add(all.substring(from));
        return texts;
    }
}
