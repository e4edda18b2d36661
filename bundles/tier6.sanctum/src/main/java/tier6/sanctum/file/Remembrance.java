package tier6.sanctum.file;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import tier6.sanctum.offer.RemembranceBody;

/**
 * The cathedrals that one knows, the one that told first.
 *
 * @param cathedrals up to 32 IPv4 addresses with ports
 */
public record Remembrance(List<InetSocketAddress> cathedrals) {

    public Remembrance {
        cathedrals = List.copyOf(cathedrals);
        if (cathedrals.size() > RemembranceBody.SLOTS) {
            throw new IllegalArgumentException("a remembrance holds " + RemembranceBody.SLOTS + " cathedrals at most");
        }
        for (InetSocketAddress cathedral : cathedrals) {
            if (!(cathedral.getAddress() instanceof Inet4Address)) {
                throw new IllegalArgumentException(cathedral + " is no IPv4 address");
            }
        }
    }

    /** What an offer says, up to the first empty place. */
    public static Remembrance of(RemembranceBody body) {
        List<InetSocketAddress> cathedrals = new ArrayList<>();
        for (int i = 0; i < body.count(); i++) {
            cathedrals.add(new InetSocketAddress(address(body.ips()[i]), body.ports()[i]));
        }
        return new Remembrance(cathedrals);
    }

    /** The same as an offer says it. */
    public RemembranceBody toBody() {
        int[] ips = new int[RemembranceBody.SLOTS];
        int[] ports = new int[RemembranceBody.SLOTS];
        for (int i = 0; i < cathedrals.size(); i++) {
            ips[i] =
                    ByteBuffer.wrap(cathedrals.get(i).getAddress().getAddress()).getInt();
            ports[i] = cathedrals.get(i).getPort();
        }
        return new RemembranceBody(ips, ports);
    }

    private static InetAddress address(int ip) {
        try {
            return InetAddress.getByAddress(
                    ByteBuffer.allocate(Integer.BYTES).putInt(ip).array());
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }
}
