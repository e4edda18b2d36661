package tier6.discovery.file.internal;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A name server on a port of this host (RFC 1035, 2782) with a few records, which may change. */
final class ZoneServer implements AutoCloseable {
    private static final Map<String, Integer> TYPES = Map.of("PTR", 12, "TXT", 16, "SRV", 33);

    private final DatagramSocket socket;
    private final Map<String, List<String>> records = new ConcurrentHashMap<>();
    volatile boolean silent;

    ZoneServer() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::run, "zone server");
        thread.setDaemon(true);
        thread.start();
    }

    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** The records of a type that a name has from now on, written as in a master file. */
    void put(String name, String type, String... values) {
        records.put(name + " " + TYPES.get(type), List.of(values));
    }

    private void run() {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
                socket.receive(packet);
                if (!silent) {
                    byte[] reply = answer(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
                    socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    private byte[] answer(ByteBuffer query) throws IOException {
        int id = query.getShort();
        query.position(12);
        StringBuilder name = new StringBuilder();
        for (int length = query.get(); length != 0; length = query.get()) {
            byte[] label = new byte[length];
            query.get(label);
            name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
        }
        int type = query.getShort();
        List<String> values = records.getOrDefault(name.toString().toLowerCase(Locale.ROOT) + " " + type, List.of());
        boolean known = records.keySet().stream().anyMatch(key -> key.startsWith(name + " "));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(id);
        out.writeShort(0x8580 | (known ? 0 : 3)); // authoritative; no such name
        out.writeShort(1);
        out.writeShort(values.size());
        out.writeInt(0);
        writeName(out, name.toString());
        out.writeShort(type);
        out.writeShort(1);
        for (String value : values) {
            writeName(out, name.toString());
            out.writeShort(type);
            out.writeShort(1);
            out.writeInt(1);
            byte[] data = data(type, value);
            out.writeShort(data.length);
            out.write(data);
        }
        return bytes.toByteArray();
    }

    private static byte[] data(int type, String value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        if (type == TYPES.get("TXT")) {
            out.writeByte(value.length());
            out.writeBytes(value);
        } else if (type == TYPES.get("SRV")) {
            String[] words = value.split(" ");
            for (int i = 0; i < 3; i++) {
                out.writeShort(Integer.parseInt(words[i]));
            }
            writeName(out, words[3]);
        } else {
            writeName(out, value);
        }
        return bytes.toByteArray();
    }

    private static void writeName(DataOutputStream out, String name) throws IOException {
        for (String label : name.split("\\.")) {
            out.writeByte(label.length());
            out.writeBytes(label);
        }
        out.writeByte(0);
    }

    @Override
    public void close() {
        socket.close();
    }
}
