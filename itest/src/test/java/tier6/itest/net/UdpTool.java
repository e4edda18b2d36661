package tier6.itest.net;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;

/**
 * Numbered UDP datagrams from one namespace to another, as a program of its own: {@code send HOST PORT RATE BYTES
 * SECONDS [LOG]} and {@code receive PORT SECONDS-OF-SILENCE [LOG]}. The receiver prints {@code received N first F last L
 * missing M duplicated D}. A log has 12 bytes for each datagram: {@link System#nanoTime}, which all processes of a
 * machine share, and its number; {@link UdpLog} reads it.
 */
final class UdpTool {
    private static final int FLUSH_EVERY = 100;

    private UdpTool() {}

    public static void main(String[] args) throws Exception {
        if (args[0].equals("send")) {
            try (Log log = new Log(args.length > 6 ? args[6] : null)) {
                send(
                        new InetSocketAddress(args[1], Integer.parseInt(args[2])),
                        Integer.parseInt(args[3]),
                        Integer.parseInt(args[4]),
                        Integer.parseInt(args[5]),
                        log);
            }
        } else {
            try (Log log = new Log(args.length > 3 ? args[3] : null)) {
                receive(Integer.parseInt(args[1]), Integer.parseInt(args[2]), log);
            }
        }
    }

    private static final class Log implements AutoCloseable {
        private final DataOutputStream out;
        private int unflushed;

        Log(String file) throws IOException {
            out = new DataOutputStream(
                    file == null
                            ? OutputStream.nullOutputStream()
                            : new BufferedOutputStream(Files.newOutputStream(Path.of(file))));
        }

        void add(int number) throws IOException {
            out.writeLong(System.nanoTime());
            out.writeInt(number);
            if (++unflushed == FLUSH_EVERY) {
                out.flush();
                unflushed = 0;
            }
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    private static void send(InetSocketAddress to, int rate, int bytes, int seconds, Log log) throws Exception {
        try (DatagramSocket socket = new DatagramSocket()) {
            long start = System.nanoTime();
            for (int i = 0; i < rate * seconds; i++) {
                long due = start + i * 1_000_000_000L / rate;
                long wait = due - System.nanoTime();
                if (wait > 0) {
                    Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
                }
                byte[] payload = ByteBuffer.allocate(bytes).putInt(i).array();
                log.add(i);
                socket.send(new DatagramPacket(payload, bytes, to));
            }
        }
    }

    private static void receive(int port, int silence, Log log) throws IOException {
        BitSet seen = new BitSet();
        int received = 0;
        int duplicated = 0;
        try (DatagramSocket socket = new DatagramSocket(port)) {
            socket.setReceiveBufferSize(1 << 20);
            System.out.println("ready");
            socket.setSoTimeout(silence * 1000);
            DatagramPacket packet = new DatagramPacket(new byte[65536], 65536);
            while (true) {
                socket.receive(packet);
                int number = ByteBuffer.wrap(packet.getData()).getInt();
                log.add(number);
                received++;
                if (seen.get(number)) {
                    duplicated++;
                }
                seen.set(number);
            }
        } catch (SocketTimeoutException e) {
            int first = seen.nextSetBit(0);
            int last = seen.length() - 1;
            int missing = first < 0 ? 0 : last - first + 1 - seen.cardinality();
            System.out.println("received " + received + " first " + first + " last " + last + " missing " + missing
                    + " duplicated " + duplicated);
        }
    }
}
