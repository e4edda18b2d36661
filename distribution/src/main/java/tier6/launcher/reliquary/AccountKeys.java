package tier6.launcher.reliquary;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import tier6.discovery.reliquary.ReliquaryClient;
import tier6.sanctum.crypto.Secrets;

/** Asks for the key of an account. */
@FunctionalInterface
interface AccountKeys {
    /**
     * Asks; blocks until somebody answers.
     *
     * @return what was typed, the caller's to clear
     */
    byte[] ask() throws IOException;

    /** Asks on the terminal, without showing what is typed; without a terminal, reads a line of the standard input. */
    static AccountKeys ofThisProcess() {
        return () -> {
            Console terminal = System.console();
            return checked(terminal == null ? line(System.in) : typed(terminal));
        };
    }

    private static byte[] typed(Console terminal) throws IOException {
        char[] answer = terminal.readPassword("account key: ");
        if (answer == null) {
            throw new IOException("no account key was typed");
        }
        byte[] key = new byte[answer.length];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) answer[i];
        }
        Arrays.fill(answer, '\0');
        return key;
    }

    private static byte[] line(InputStream in) throws IOException {
        byte[] line = new byte[256];
        int length = 0;
        for (int b = in.read(); b >= 0 && b != '\n' && length < line.length; b = in.read()) {
            line[length++] = (byte) b;
        }
        byte[] key = Arrays.copyOf(line, length);
        Secrets.clear(line);
        return key;
    }

    /** Takes it as somebody pastes it: blanks around it do not count. */
    static byte[] checked(byte[] typed) throws IOException {
        int from = 0;
        int to = typed.length;
        while (from < to && typed[from] <= ' ') {
            from++;
        }
        while (to > from && typed[to - 1] <= ' ') {
            to--;
        }
        byte[] key = Arrays.copyOfRange(typed, from, to);
        Secrets.clear(typed);
        if (!ReliquaryClient.isAccountKey(key)) {
            Secrets.clear(key);
            throw new IOException("that is no account key: it has 64 hexadecimal digits, 0 to 9 and a to f");
        }
        return key;
    }
}
