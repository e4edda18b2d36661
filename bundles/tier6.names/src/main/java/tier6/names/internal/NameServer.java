package tier6.names.internal;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Answers questions of this host about the names of the flock (RFC 1035), over UDP and TCP at an address that only this host
 * reaches; what it is asked about others it asks the servers that the host had before.
 */
final class NameServer implements AutoCloseable {
    private static final Logger LOG = System.getLogger("tier6.names");

    private static final int PORT = 53;
    private static final int MOST_QUERY = 512, MOST_ANSWER = 4_096;
    private static final int MOST_THREADS = 8;
    private static final int UPSTREAM_MILLIS = 2_000;

    private final Answers answers;
    private final DatagramSocket datagrams;
    private final ServerSocket streams;
    private volatile List<InetAddress> upstream;

    /** Asking others takes time; meanwhile the next question is heard. */
    private final ThreadPoolExecutor talks = new ThreadPoolExecutor(
            0, MOST_THREADS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> daemon(task, "ask"));

    /**
     * Binds its sockets.
     *
     * @param upstream who knows other names
     * @throws IOException if the port cannot be had
     */
    NameServer(NameBook book, InetAddress address, List<InetAddress> upstream) throws IOException {
        answers = new Answers(book);
        this.upstream = List.copyOf(upstream);
        datagrams = new DatagramSocket(new InetSocketAddress(address, PORT));
        ServerSocket stream = null;
        try {
            stream = new ServerSocket(PORT, MOST_THREADS, address);
        } catch (IOException e) {
            datagrams.close();
            throw e;
        }
        streams = stream;
        daemon(this::answerDatagrams, "udp").start();
        daemon(this::answerStreams, "tcp").start();
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, "tier6-names-" + name);
        thread.setDaemon(true);
        return thread;
    }

    private void answerDatagrams() {
        byte[] buffer = new byte[MOST_QUERY];
        while (!datagrams.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                datagrams.receive(packet);
                byte[] query = Arrays.copyOf(buffer, packet.getLength());
                InetSocketAddress from = (InetSocketAddress) packet.getSocketAddress();
                byte[] answer = answers.answer(query);
                if (answer != null) {
                    datagrams.send(new DatagramPacket(answer, answer.length, from));
                } else {
                    talks.execute(() -> forward(query, from));
                }
            } catch (RejectedExecutionException e) {
                // Too many questions at once; who asked asks again.
            } catch (SocketException e) {
                if (!datagrams.isClosed()) {
                    LOG.log(Level.DEBUG, "a question was not answered", e);
                }
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.DEBUG, "a question was not answered", e);
            }
        }
    }

    private void answerStreams() {
        while (!streams.isClosed()) {
            try {
                Socket guest = streams.accept();
                try {
                    talks.execute(() -> serve(guest));
                } catch (RejectedExecutionException e) {
                    guest.close();
                }
            } catch (IOException e) {
                if (!streams.isClosed()) {
                    LOG.log(Level.DEBUG, "a question was not heard", e);
                }
            }
        }
    }

    private void serve(Socket guest) {
        try (guest) {
            guest.setSoTimeout(UPSTREAM_MILLIS);
            byte[] query = read(guest);
            byte[] answer = answers.answer(query);
            for (InetAddress server : answer == null ? upstream : List.<InetAddress>of()) {
                try (Socket other = new Socket()) {
                    other.connect(new InetSocketAddress(server, PORT), UPSTREAM_MILLIS);
                    other.setSoTimeout(UPSTREAM_MILLIS);
                    write(other, query);
                    answer = read(other);
                    break;
                } catch (IOException e) {
                    // Another one may know.
                }
            }
            if (answer != null) {
                write(guest, answer);
            }
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "a question was not answered", e);
        }
    }

    private static byte[] read(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] message = new byte[in.readUnsignedShort()];
        in.readFully(message);
        return message;
    }

    private static void write(Socket socket, byte[] message) throws IOException {
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeShort(message.length);
        out.write(message);
        out.flush();
    }

    private void forward(byte[] query, InetSocketAddress from) {
        byte[] buffer = new byte[MOST_ANSWER];
        for (InetAddress server : upstream) {
            // A socket for each question: its port is one thing more that a forger has to guess.
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.connect(new InetSocketAddress(server, PORT));
                socket.setSoTimeout(UPSTREAM_MILLIS);
                socket.send(new DatagramPacket(query, query.length));
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                datagrams.send(new DatagramPacket(buffer, packet.getLength(), from));
                return;
            } catch (IOException e) {
                // Another one may know.
            }
        }
        try {
            byte[] failure = Answers.failure(query);
            datagrams.send(new DatagramPacket(failure, failure.length, from));
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "a question was not answered", e);
        }
    }

    @Override
    public void close() throws IOException {
        datagrams.close();
        streams.close();
        talks.shutdownNow();
    }
}
