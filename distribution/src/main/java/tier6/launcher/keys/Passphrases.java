package tier6.launcher.keys;

import java.io.Console;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.Arrays;
import tier6.sanctum.crypto.PassphraseKdf;
import tier6.sanctum.crypto.Secrets;

/** Asks for a passphrase. */
@FunctionalInterface
interface Passphrases {

    /** The variable that the C program reads. */
    String VARIABLE = "VICAR_PASSPHRASE";

    /** What Java reads where it cannot read. */
    char UNREADABLE = '\ufffd';

    /**
     * Asks; blocks until somebody answers.
     *
     * @param fresh whether it is for a new file, so that a slip of the fingers would be fatal
     * @return fewer than 256 bytes, the caller's to clear
     * @throws IOException if there is none that can be used
     */
    byte[] ask(boolean fresh) throws IOException;

    /**
     * The passphrase of the environment variable {@value #VARIABLE}, else of the terminal. Both have the bytes that the C
     * program would see, whatever the character set.
     */
    static Passphrases ofThisProcess() {
        return fresh -> {
            // The one place where a secret is a String: the environment has nothing else to offer.
            String variable = System.getenv(VARIABLE);
            byte[] passphrase;
            if (variable != null) {
                passphrase = encode(variable.toCharArray(), Charset.forName(System.getProperty("native.encoding")));
            } else {
                passphrase = ofTerminal(System.console(), fresh);
            }
            return checked(passphrase, fresh);
        };
    }

    private static byte[] ofTerminal(Console terminal, boolean fresh) throws IOException {
        if (terminal == null) {
            throw new IOException(
                    "there is no terminal to ask for the passphrase: run this in one, or set " + VARIABLE);
        }
        byte[] first = encode(read(terminal, "passphrase: "), terminal.charset());
        if (fresh) {
            byte[] second = encode(read(terminal, "once more: "), terminal.charset());
            boolean same = Secrets.equal(first, second);
            Secrets.clear(second);
            if (!same) {
                Secrets.clear(first);
                throw new IOException("the two passphrases differ: try again");
            }
        }
        return first;
    }

    private static char[] read(Console terminal, String prompt) throws IOException {
        char[] answer = terminal.readPassword(prompt);
        if (answer == null) {
            throw new IOException("no passphrase was typed");
        }
        return answer;
    }

    /** Encodes and clears. */
    private static byte[] encode(char[] chars, Charset charset) throws IOException {
        try {
            for (char c : chars) {
                if (c == UNREADABLE) {
                    throw new CharacterCodingException();
                }
            }
            ByteBuffer encoded = charset.newEncoder().encode(CharBuffer.wrap(chars));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            Secrets.clear(encoded.array());
            return bytes;
        } catch (CharacterCodingException e) {
            throw new IOException(
                    "the character set " + charset + " cannot express this passphrase: set LC_ALL to C.UTF-8", e);
        } finally {
            Arrays.fill(chars, '\0');
        }
    }

    private static byte[] checked(byte[] passphrase, boolean fresh) throws IOException {
        boolean tooLong = passphrase.length >= PassphraseKdf.PASSPHRASE_LIMIT;
        if (tooLong || fresh && passphrase.length == 0) {
            Secrets.clear(passphrase);
            throw new IOException(
                    tooLong
                            ? "the passphrase is too long: it must have fewer than " + PassphraseKdf.PASSPHRASE_LIMIT
                                    + " bytes"
                            : "an empty passphrase protects nothing: choose one");
        }
        return passphrase;
    }
}
