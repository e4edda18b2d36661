package tier6.discovery.lan.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import javax.jmdns.JmDNS;
import javax.jmdns.ServiceEvent;
import javax.jmdns.ServiceInfo;
import javax.jmdns.ServiceListener;
import javax.jmdns.impl.JmDNSImpl;
import tier6.sanctum.crypto.RandomSource;

/** DNS-SD over multicast (RFC 6762, 6763) at one of our addresses, by JmDNS and its threads. */
final class Segment {
    static final String TYPE = "_tier6._udp.local.";

    private static final String TEXT = "a";
    private static final int NAME_BYTES = 8;

    /** Of a service that nobody asks for: tunnels have ports of their own, and the announcement says which. */
    private static final int DISCARD = 9;

    /** What anybody can make a multicast cache remember: a segment has a few dozen names with a few records each. */
    private static final int MOST_RECORDS = 2048;

    private final InetAddress address;
    private final JmDNS dns;
    private final ServiceInfo ours;

    /**
     * Joins in.
     *
     * @param address one of ours
     * @param text our announcement
     * @param heard takes those of others; what does not fit is dropped, they will be repeated
     */
    Segment(InetAddress address, String text, RandomSource random, BlockingQueue<String> heard) throws IOException {
        this.address = address;
        // Names that say nothing of this host, new ones each time.
        String name = HexFormat.of().formatHex(random.bytes(NAME_BYTES));
        dns = JmDNS.create(address, name);
        ours = ServiceInfo.create(TYPE, name, DISCARD, 0, 0, Map.of(TEXT, text));
        dns.addServiceListener(TYPE, new ServiceListener() {
            @Override
            public void serviceAdded(ServiceEvent event) {
                // JmDNS asks for the rest by itself.
            }

            @Override
            public void serviceRemoved(ServiceEvent event) {
                // Anybody can say so of anybody.
            }

            @Override
            public void serviceResolved(ServiceEvent event) {
                String theirs = event.getInfo().getPropertyString(TEXT);
                if (theirs != null && theirs.length() <= SegmentSecret.MOST_TEXT) {
                    heard.offer(theirs);
                }
            }
        });
        dns.registerService(ours);
    }

    InetAddress address() {
        return address;
    }

    /** Says something new of ourselves. */
    void say(String text) {
        try {
            ours.setText(Map.of(TEXT, text));
        } catch (IllegalStateException e) {
            // Not registered any more: closing.
        }
    }

    /** Whether somebody fills the memory of JmDNS, which has no bounds of its own. */
    boolean isFlooded() {
        JmDNSImpl all = (JmDNSImpl) dns;
        // By name; that of our type alone can have any number of records.
        int records = all.getCache().values().stream().mapToInt(List::size).sum();
        return records > MOST_RECORDS || all.getServiceTypes().size() > MOST_RECORDS;
    }

    /** Leaves; takes two seconds, in which it says goodbye. */
    void close() {
        try {
            dns.close();
        } catch (IOException e) {
            // There is nothing left to do.
        }
    }
}
