package tier6.control;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * Messages over a connected socket, each as one byte of kind, two of length, and its body. One thread reads; any number
 * write. (The streams of {@link java.nio.channels.Channels} would not do: there a waiting read holds up writes.)
 */
public final class Wire implements AutoCloseable {
    private static final int HEADER = 3;
    private static final Message.Kind[] KINDS = Message.Kind.values();

    private final SocketChannel channel;
    private final ByteBuffer header = ByteBuffer.allocate(HEADER);

    public Wire(SocketChannel channel) {
        this.channel = channel;
    }

    /**
     * The next message; null if the other end has closed. Blocks.
     *
     * @throws IOException if the connection breaks, within a message or by {@link #close}, or something else is spoken
     */
    public Message read() throws IOException {
        header.clear();
        if (!fill(header)) {
            return null;
        }
        header.flip();
        int kind = header.get();
        if (kind < 0 || kind >= KINDS.length) {
            throw new IOException("the other end of the control socket speaks something else: is it another version?");
        }
        byte[] body = new byte[header.getShort() & Message.MOST];
        if (!fill(ByteBuffer.wrap(body)) && body.length > 0) {
            throw new EOFException("the control socket was closed within a message");
        }
        return new Message(KINDS[kind], body);
    }

    /** Fills a buffer; false if there was no byte left at all. */
    private boolean fill(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                if (buffer.position() > 0) {
                    throw new EOFException("the control socket was closed within a message");
                }
                return false;
            }
        }
        return true;
    }

    /** Writes a message. Blocks until the other end takes it. */
    public void write(Message message) throws IOException {
        write(message.kind(), message.body(), 0, message.body().length);
    }

    /** Writes any number of bytes as one kind, in as many messages as that takes. */
    public synchronized void write(Message.Kind kind, byte[] bytes, int from, int length) throws IOException {
        int at = from;
        do {
            int part = Math.min(Message.MOST, from + length - at);
            ByteBuffer buffer = ByteBuffer.allocate(HEADER + part);
            buffer.put((byte) kind.ordinal()).putShort((short) part).put(bytes, at, part);
            buffer.flip();
            put(buffer);
            at += part;
        } while (at < from + length);
    }

    /** A thread that was interrupted may still speak: without this, the channel would close itself. */
    private void put(ByteBuffer buffer) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
