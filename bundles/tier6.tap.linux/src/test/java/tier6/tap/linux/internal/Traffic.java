package tier6.tap.linux.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;

/** A program that is run in a network namespace: sends or receives, and prints a hash of what it was. */
final class Traffic {
    private static final int DATAGRAMS = 2_000;
    private static final int BURST = 40;
    private static final int PORT = 7777;
    private static final int TIMEOUT_MILLIS = 10_000;

    private Traffic() {}

    public static void main(String... args) throws Exception {
        switch (args[0]) {
            case "tcp-receive" -> receive();
            case "tcp-send" -> send(args[1], Integer.parseInt(args[2]));
            case "udp-receive" -> receiveDatagrams();
            case "udp-send" -> sendDatagrams(args[1], Integer.parseInt(args[2]));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void receive() throws IOException, GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (ServerSocket server = new ServerSocket(PORT)) {
            System.out.println("ready");
            try (Socket socket = server.accept();
                    InputStream in = new DigestInputStream(socket.getInputStream(), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
        }
        System.out.println(HexFormat.of().formatHex(digest.digest()));
    }

    private static void send(String host, int bytes) throws IOException, GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        Random random = new Random(bytes);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, PORT), TIMEOUT_MILLIS);
            try (OutputStream out = new DigestOutputStream(socket.getOutputStream(), digest)) {
                for (int sent = 0; sent < bytes; ) {
                    int size = Math.min(bytes - sent, random.nextInt(20) == 0 ? random.nextInt(3000) + 1 : 200_000);
                    byte[] data = Flow.bytes(random, size);
                    out.write(data);
                    sent += size;
                }
            }
        }
        System.out.println(HexFormat.of().formatHex(digest.digest()));
    }

    private static void receiveDatagrams() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(PORT)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            System.out.println("ready");
            DatagramPacket packet = new DatagramPacket(new byte[65536], 65536);
            long sum = 0;
            for (int i = 0; i < DATAGRAMS; i++) {
                packet.setLength(65536);
                socket.receive(packet);
                sum = 31 * sum + hash(packet);
                if (i % BURST == BURST - 1) {
                    socket.send(new DatagramPacket(new byte[1], 1, packet.getSocketAddress()));
                }
            }
            System.out.println(sum);
        }
    }

    /** Waits for an answer after each burst, which no queue on the way is too short for. */
    private static void sendDatagrams(String host, int size) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(InetAddress.getByName(host), PORT);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            Random random = new Random(size);
            long sum = 0;
            for (int i = 0; i < DATAGRAMS; i++) {
                byte[] data = Flow.bytes(random, random.nextInt(10) == 0 ? 1 + random.nextInt(size) : size);
                DatagramPacket packet = new DatagramPacket(data, data.length);
                socket.send(packet);
                sum = 31 * sum + hash(packet);
                if (i % BURST == BURST - 1) {
                    socket.receive(new DatagramPacket(new byte[1], 1));
                }
            }
            System.out.println(sum);
        }
    }

    private static long hash(DatagramPacket packet) {
        long hash = packet.getLength();
        for (int i = 0; i < packet.getLength(); i++) {
            hash = hash * 31 + packet.getData()[i];
        }
        return hash;
    }
}
