package tier6.control.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import tier6.control.Message;
import tier6.control.Wire;

/**
 * One client. A thread listens to it all the time, so that it is noticed when the client goes; another runs the command of
 * the moment, and is interrupted then.
 */
final class Conversation implements AutoCloseable {
    private static final Logger LOG = System.getLogger("tier6.control");
    private static final long UPDATE_MILLIS = 5_000;

    private final Wire wire;
    private final Shell shell;
    private final boolean mayUseAll;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile boolean dismissed;

    /** Both are set by the listening thread only. */
    private volatile Thread working;

    private PipedOutputStream typed = new PipedOutputStream();

    /** @param mayUseAll whether the client may use more than the commands of scope tier6 */
    Conversation(SocketChannel channel, Shell shell, boolean mayUseAll) {
        this.wire = new Wire(channel);
        this.shell = shell;
        this.mayUseAll = mayUseAll;
    }

    /** Listens until the client goes, or {@link #close}. */
    void start(Runnable whenOver) {
        new Thread(
                        () -> {
                            try (wire) {
                                listen();
                            } catch (IOException | RuntimeException e) {
                                LOG.log(Level.DEBUG, "a client of the control socket is gone", e);
                            } finally {
                                if (dismissed) {
                                    awaitWork();
                                }
                                endWork();
                                whenOver.run();
                            }
                        },
                        "tier6 control client")
                .start();
    }

    private void listen() throws IOException {
        for (Message message = wire.read(); message != null; message = wire.read()) {
            switch (message.kind()) {
                case COMMAND, SHELL -> begin(message);
                case INPUT -> type(message.body());
                case INPUT_END -> typed.close();
                case STOP -> endWork();
                default -> throw new IOException("a client said " + message.kind() + ", which is for nodes to say");
            }
        }
    }

    private void type(byte[] bytes) {
        try {
            typed.write(bytes);
            typed.flush();
        } catch (IOException e) {
            // The command that would have read it has ended.
            LOG.log(Level.DEBUG, "typed in vain", e);
        }
    }

    private void begin(Message request) throws IOException {
        if (!busy.compareAndSet(false, true)) {
            throw new IOException("a client asked for a second command before the first had ended");
        }
        typed = new PipedOutputStream();
        PipedInputStream input = new PipedInputStream(typed, Message.MOST);
        List<String> texts = request.texts();
        Shell.Screen screen = new Shell.Screen(
                input, stream(Message.Kind.OUTPUT), stream(Message.Kind.ERROR), Integer.parseInt(texts.get(0)));
        List<String> words = texts.subList(1, texts.size());
        boolean command = request.kind() == Message.Kind.COMMAND;
        working = new Thread(
                () -> finish(command ? shell.command(words, screen) : shell.shell(words, screen, mayUseAll)),
                "tier6 control command");
        working.start();
    }

    private void finish(int status) {
        busy.set(false);
        try {
            wire.write(Message.of(Message.Kind.STATUS, List.of(Integer.toString(status))));
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a client left before its command had ended", e);
        }
    }

    private OutputStream stream(Message.Kind kind) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                if (length > 0) {
                    wire.write(kind, bytes, from, length);
                }
            }
        };
    }

    /** The command may be the one that updates this bundle, which half done would be the end of it. */
    private void awaitWork() {
        try {
            Thread command = working;
            if (command != null) {
                command.join(UPDATE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void endWork() {
        Thread command = working;
        if (command != null) {
            command.interrupt();
        }
    }

    /** Lets go of the client; the command of the moment is interrupted if it does not end by itself. */
    @Override
    public void close() throws IOException {
        dismissed = true;
        wire.close();
    }
}
