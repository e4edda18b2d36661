package tier6.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A connection to a node, for one command after another. One thread. */
public final class Client implements AutoCloseable {
    private final Wire wire;
    private final int columns;

    /**
     * Connects.
     *
     * @param columns of the terminal that the output is for
     * @throws IOException if no node answers there, or this user must not speak to it
     */
    public Client(Path socket, int columns) throws IOException {
        this.wire = new Wire(Places.connect(socket));
        this.columns = columns;
    }

    /**
     * Runs a command of scope {@code tier6} to its end.
     *
     * @param words its name without the scope, and its arguments; taken as they are, not as text of the shell
     * @return its exit status: 0 done, 1 failed, 2 not understood
     */
    public int run(List<String> words, OutputStream out, OutputStream err) throws IOException {
        return send(Message.Kind.COMMAND, words, out, err);
    }

    /**
     * Runs the shell until it is left.
     *
     * @param line what to run; if it is empty, the shell asks {@code in}
     */
    public int shell(String line, InputStream in, OutputStream out, OutputStream err) throws IOException {
        if (!line.isEmpty()) {
            return send(Message.Kind.SHELL, List.of(line), out, err);
        }
        Thread typing = new Thread(() -> type(in), "tier6 control input");
        // It waits for a line that nobody may want to type any more.
        typing.setDaemon(true);
        typing.start();
        return send(Message.Kind.SHELL, List.of(), out, err);
    }

    /** Passes on line by line, until the end or the word that leaves the shell, which Gogo does not know. */
    private void type(InputStream in) {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, Charset.defaultCharset()));
        try {
            for (String line = lines.readLine();
                    line != null && !line.strip().equals("exit");
                    line = lines.readLine()) {
                byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
                wire.write(Message.Kind.INPUT, bytes, 0, bytes.length);
            }
            wire.write(Message.of(Message.Kind.INPUT_END, List.of()));
        } catch (IOException e) {
            // The node has gone; who reads its output says so.
        }
    }

    private int send(Message.Kind kind, List<String> words, OutputStream out, OutputStream err) throws IOException {
        List<String> texts = new ArrayList<>();
        texts.add(Integer.toString(columns));
        texts.addAll(words);
        Message request = Message.of(kind, texts);
        if (request.body().length > Message.MOST) {
            throw new IOException("too many or too long arguments: " + Message.MOST + " bytes at most");
        }
        wire.write(request);
        for (Message answer = wire.read(); answer != null; answer = wire.read()) {
            switch (answer.kind()) {
                case OUTPUT -> pass(answer, out);
                case ERROR -> pass(answer, err);
                case STATUS -> {
                    return Integer.parseInt(answer.texts().get(0));
                }
                default -> throw new IOException("the node says " + answer.kind() + ", which is for clients to say");
            }
        }
        throw new IOException("the node has stopped, or has let go of its control socket");
    }

    /** Asks the command of the moment to come to an end; what it still says is passed on. Any thread. */
    public void stop() throws IOException {
        wire.write(Message.of(Message.Kind.STOP, List.of()));
    }

    private static void pass(Message message, OutputStream to) throws IOException {
        to.write(message.body());
        to.flush();
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
