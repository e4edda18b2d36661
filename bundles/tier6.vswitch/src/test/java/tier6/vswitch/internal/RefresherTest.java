package tier6.vswitch.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tier6.vswitch.internal.Wire.A;
import static tier6.vswitch.internal.Wire.B;
import static tier6.vswitch.internal.Wire.batch;
import static tier6.vswitch.internal.Wire.frame;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tier6.api.frame.Ethernet;
import tier6.api.vswitch.PortKind;
import tier6.api.vswitch.SwitchPort;

class RefresherTest {
    private static final long SECOND = 1_000_000_000L;

    private long now;
    private final Switch fabric = newSwitch();
    private final Refresher refresher = new Refresher(fabric);
    private final Wire tapWire = new Wire();
    private final Wire peerWire = new Wire();
    private final SwitchPort tap = fabric.attach("tap", PortKind.LOCAL, tapWire);
    private final SwitchPort peer = fabric.attach("peer", PortKind.TUNNEL, peerWire);

    private Switch newSwitch() {
        return new Switch(SwitchConfig.DEFAULT, () -> now, new Random(4).nextLong(), (mac, port, from) -> {});
    }

    private void second() {
        now += SECOND;
        fabric.age();
        refresher.tick();
    }

    private static Set<Long> sources(List<byte[]> frames) {
        return frames.stream().map(frame -> Ethernet.mac(frame, 6)).collect(Collectors.toSet());
    }

    /** What a C node remembers (specification section 17.1), and a network that loses every fifth reminder. */
    @Test
    void keepsAnIdleAddressInTheMemoryOfTheCProgram() {
        tap.input(batch(2, frame(Ethernet.BROADCAST, A, 1), frame(Ethernet.BROADCAST, B, 1)));
        Map<Long, Long> memory = new HashMap<>();
        int frames = 0;
        for (int i = 0; i < 290; i++) {
            for (byte[] frame : peerWire.take()) {
                if (EtherTypes.COMPATIBLE.passes(Ethernet.etherType(frame, 0)) && ++frames % 5 != 0) {
                    memory.put(Ethernet.mac(frame, 6), now / SECOND);
                }
            }
            memory.values().removeIf(heard -> now / SECOND - heard >= 10);
            assertEquals(Set.of(A, B), memory.keySet(), "after " + i + " s");
            second();
        }
    }

    @Test
    void endsWithTheMemoryOfTheAddress() {
        tap.input(batch(2, frame(Ethernet.BROADCAST, A, 1)));
        for (int i = 0; i < 302; i++) {
            second();
        }
        peerWire.take();
        for (int i = 0; i < 2 * Refresher.PERIOD; i++) {
            second();
        }
        assertEquals(List.of(), peerWire.take());
    }

    @Test
    void speaksForLocalAddressesToPeersOnly() {
        peer.input(batch(1, frame(Ethernet.BROADCAST, B, 1)));
        tap.input(batch(2, frame(B, A, 2)));
        tapWire.take();
        peerWire.take();
        for (int i = 0; i < Refresher.PERIOD; i++) {
            second();
        }
        List<byte[]> frames = peerWire.take();
        assertEquals(Set.of(A), sources(frames));
        assertEquals(1, frames.size());
        assertEquals(List.of(), tapWire.take());
        assertEquals(1, fabric.counters().get("frames-refresh"));
    }

    @Test
    void endsAtTheFirstSwitch() {
        tap.input(batch(2, frame(Ethernet.BROADCAST, A, 1)));
        peerWire.take();
        Switch other = newSwitch();
        Wire host = new Wire();
        other.attach("tap", PortKind.LOCAL, host);
        SwitchPort back = other.attach("peer", PortKind.TUNNEL, frames -> {});
        for (int i = 0; i < Refresher.PERIOD; i++) {
            second();
            for (byte[] reminder : peerWire.take()) {
                back.input(batch(1, reminder));
            }
        }
        assertEquals("peer", other.lookup(A).orElseThrow());
        assertEquals(List.of(), host.take());
        assertEquals(1, other.counters().get("drop-same-port"));
    }

    @Test
    void isBounded() {
        for (int i = 1; i <= 1000; i++) {
            now += 1;
            tap.input(batch(2, frame(Ethernet.BROADCAST, 0x0200_0000_0000L + i, i)));
        }
        peerWire.take();
        for (int i = 0; i < Refresher.PERIOD; i++) {
            second();
        }
        Set<Long> sources = sources(peerWire.take());
        assertEquals(Refresher.MAX_MACS, sources.size());
        assertTrue(sources.contains(0x0200_0000_0000L + 1000), "the last ones");
    }
}
