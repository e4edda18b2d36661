package tier6.cathedral;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import tier6.api.frame.Batch;

/** Keeps what a core sent. */
final class Recorder implements CathedralCore.Output {
    record Sent(byte[] datagram, InetSocketAddress to) {}

    private final List<Sent> sent = new ArrayList<>();

    @Override
    public void send(Batch datagrams, InetSocketAddress to) {
        for (int i = 0; i < datagrams.count(); i++) {
            sent.add(new Sent(datagrams.copy(i), to));
        }
    }

    /** What was sent since the last call. */
    List<Sent> take() {
        List<Sent> taken = List.copyOf(sent);
        sent.clear();
        return taken;
    }
}
