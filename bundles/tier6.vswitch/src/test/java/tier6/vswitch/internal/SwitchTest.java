package tier6.vswitch.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static tier6.vswitch.internal.Wire.A;
import static tier6.vswitch.internal.Wire.B;
import static tier6.vswitch.internal.Wire.C;
import static tier6.vswitch.internal.Wire.batch;
import static tier6.vswitch.internal.Wire.frame;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tier6.api.frame.Batch;
import tier6.api.frame.Ethernet;
import tier6.api.vswitch.Egress;
import tier6.api.vswitch.MacEntry;
import tier6.api.vswitch.PortKind;
import tier6.api.vswitch.SwitchPort;
import tier6.api.vswitch.SwitchRules;

class SwitchTest {
    private static final long SECOND = 1_000_000_000L;

    private final List<String> told = new ArrayList<>();
    private long now = 5 * SECOND;
    private final Switch fabric = new Switch(
            SwitchConfig.DEFAULT,
            () -> now,
            0x9e37_79b9_7f4a_7c15L,
            (mac, port, from) -> told.add(Ethernet.format(mac) + " " + port + " " + from));
    private final Wire tapWire = new Wire();
    private final Wire oneWire = new Wire();
    private final Wire twoWire = new Wire();
    private final SwitchPort tap = fabric.attach("tap", PortKind.LOCAL, tapWire);
    private final SwitchPort one = fabric.attach("one", PortKind.TUNNEL, oneWire);
    private final SwitchPort two = fabric.attach("two", PortKind.TUNNEL, twoWire);

    private void configure(String... namesAndValues) {
        fabric.configure(SwitchConfig.from(
                namesAndValues.length == 2
                        ? Map.of(namesAndValues[0], namesAndValues[1])
                        : Map.of(namesAndValues[0], namesAndValues[1], namesAndValues[2], namesAndValues[3])));
    }

    private long count(String port, String counter) {
        return fabric.ports().stream()
                .filter(p -> p.name().equals(port))
                .findFirst()
                .orElseThrow()
                .counters()
                .get(counter);
    }

    @Test
    void sendsFramesWhereTheirAddressLives() {
        one.input(batch(1, frame(Ethernet.BROADCAST, B, 1)));
        assertEquals(List.of(1), tapWire.numbers());
        tap.input(batch(2, frame(B, A, 2)));
        assertEquals(List.of(2), oneWire.numbers());
        assertEquals(List.of(), twoWire.numbers());
        assertEquals(Optional.of("one"), fabric.lookup(B));
        assertEquals(Optional.of("tap"), fabric.lookup(A));
        assertEquals(Optional.empty(), fabric.lookup(C));
    }

    @Test
    void sendsGroupsEverywhereButBack() {
        tap.input(batch(2, frame(Ethernet.BROADCAST, A, 1), frame(Ethernet.parse("33:33:00:00:00:01"), A, 2)));
        assertEquals(List.of(1, 2), oneWire.numbers());
        assertEquals(List.of(1, 2), twoWire.numbers());
        assertEquals(List.of(), tapWire.numbers());
    }

    @Test
    void mirrorsSeeWhatCrossesPortsUntilTheyEnd() {
        List<String> seen = new ArrayList<>();
        Runnable end = fabric.mirror((port, direction, frames) -> seen.add(port + direction + frames.count()));
        Runnable endBroken = fabric.mirror((port, direction, frames) -> {
            throw new IllegalStateException("broken");
        });
        one.input(batch(1, frame(Ethernet.BROADCAST, B, 1)));
        assertEquals(List.of("oneIN1", "tapOUT1"), seen);
        assertEquals(List.of(1), tapWire.numbers());
        endBroken.run();
        tap.input(batch(2, frame(B, A, 2), frame(B, A, 3), frame(0, A, 4)));
        assertEquals(List.of("oneIN1", "tapOUT1", "tapIN3", "oneOUT2"), seen);
        end.run();
        tap.input(batch(2, frame(B, A, 5)));
        assertEquals(4, seen.size());
        assertEquals(List.of(2, 3, 5), oneWire.numbers());
    }

    @Test
    void tellsItsRules() {
        assertEquals(Optional.of(new SwitchRules(true, "all", Duration.ofMinutes(5))), fabric.rules());
        configure("unknown.unicast", "drop", "ethertypes", "compatible");
        assertEquals(Optional.of(new SwitchRules(false, "0800,0806,8100,86dd", Duration.ofMinutes(5))), fabric.rules());
    }

    @Test
    void neverJoinsTunnels() {
        two.input(batch(1, frame(A, C, 1)));
        assertEquals(List.of(1), tapWire.numbers());
        one.input(batch(1, frame(C, B, 2), frame(Ethernet.BROADCAST, B, 3), frame(0x0600_0000_0001L, B, 4)));
        assertEquals(List.of(), twoWire.numbers());
        assertEquals(List.of(3, 4), tapWire.numbers());
        assertEquals(1, count("one", "drop-tunnel-to-tunnel"));
    }

    @Test
    void floodsOrDropsWhatItDoesNotKnow() {
        tap.input(batch(2, frame(B, A, 1)));
        assertEquals(List.of(1), oneWire.numbers());
        assertEquals(List.of(1), twoWire.numbers());
        assertEquals(1, count("tap", "frames-flooded"));
        configure("unknown.unicast", "drop");
        tap.input(batch(2, frame(B, A, 2), frame(Ethernet.BROADCAST, A, 3)));
        assertEquals(List.of(3), oneWire.numbers());
        assertEquals(1, count("tap", "drop-unknown-unicast"));
    }

    @Test
    void neverSendsBack() {
        tap.input(batch(2, frame(Ethernet.BROADCAST, A, 1), frame(Ethernet.BROADCAST, B, 2)));
        tapWire.take();
        tap.input(batch(2, frame(A, B, 3), frame(A, A, 4)));
        assertEquals(List.of(), tapWire.numbers());
        assertEquals(2, count("tap", "drop-same-port"));
    }

    @Test
    void passesFramesBetweenLocalPorts() {
        Wire wire = new Wire();
        SwitchPort second = fabric.attach("tap2", PortKind.LOCAL, wire);
        tap.input(batch(2, frame(Ethernet.BROADCAST, A, 1)));
        assertEquals(List.of(1), wire.numbers());
        second.input(batch(3, frame(A, B, 2)));
        assertEquals(List.of(2), tapWire.numbers());
    }

    @Test
    void keepsTheOrderOfAPortEvenWhenFloodedFramesAreBetween() {
        one.input(batch(1, frame(A, B, 0)));
        List<byte[]> frames = new ArrayList<>();
        List<Integer> all = new ArrayList<>();
        List<Integer> flooded = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            boolean known = i % 3 != 0;
            frames.add(frame(known ? B : C, A, i));
            all.add(i);
            if (!known) {
                flooded.add(i);
            }
        }
        tap.input(batch(2, frames));
        assertEquals(all, oneWire.numbers());
        assertEquals(flooded, twoWire.numbers());
    }

    @Test
    void handsOverWholeRuns() {
        List<Integer> sizes = new ArrayList<>();
        one.close();
        SwitchPort again = fabric.attach("one", PortKind.TUNNEL, frames -> sizes.add(frames.count()));
        again.input(batch(1, frame(A, B, 0)));
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            frames.add(frame(i % 2 == 0 ? B : Ethernet.BROADCAST, A, i));
        }
        tap.input(batch(2, frames));
        assertEquals(List.of(64), sizes);
    }

    @Test
    void movesAnAddressAtOnce() {
        one.input(batch(1, frame(A, B, 1)));
        two.input(batch(1, frame(A, B, 2)));
        assertEquals(Optional.of("two"), fabric.lookup(B));
        tap.input(batch(2, frame(B, A, 3)));
        assertEquals(List.of(), oneWire.numbers());
        assertEquals(List.of(3), twoWire.numbers());
        assertEquals(1, count("two", "macs-moved"));
        assertEquals(
                List.of("02:00:00:00:00:0b one null", "02:00:00:00:00:0b two one", "02:00:00:00:00:0a tap null"), told);
    }

    @Test
    void forgetsIdleAddresses() {
        one.input(batch(1, frame(A, B, 1)));
        now += 299 * SECOND;
        assertEquals(Optional.of("one"), fabric.lookup(B));
        assertEquals(299, fabric.macs().get(0).idle().toSeconds());
        now += 3 * SECOND;
        assertEquals(Optional.empty(), fabric.lookup(B), "even before anybody tidies up");
        fabric.age();
        assertEquals(List.of(), fabric.macs());
        assertEquals(1, count("one", "macs-aged"));
        assertEquals(0, fabric.counters().get("macs"));
    }

    @Test
    void remembersAddressesThatAnyFrameComesFrom() {
        configure("ageing", "10");
        for (int i = 0; i < 100; i++) {
            one.input(batch(1, frame(i % 2 == 0 ? Ethernet.BROADCAST : C, B, i)));
            now += 9 * SECOND + 999_000_000;
            fabric.age();
            assertEquals(Optional.of("one"), fabric.lookup(B));
        }
    }

    @Test
    void bounds() {
        configure("capacity", "3");
        for (int i = 1; i <= 5; i++) {
            now += 2 * SECOND;
            one.input(batch(1, frame(A, i, i)));
            two.input(batch(1, frame(A, B, i)));
            if (i == 3) {
                one.input(batch(1, frame(A, 1, 0)));
            }
        }
        // 1 was heard of again at 3, so 2 and 3 were the oldest when 4 and 5 came
        assertEquals(Optional.of("one"), fabric.lookup(1));
        assertEquals(Optional.empty(), fabric.lookup(2));
        assertEquals(Optional.empty(), fabric.lookup(3));
        assertEquals(Optional.of("two"), fabric.lookup(B), "the other port has room of its own");
        assertEquals(2, count("one", "macs-evicted"));
        assertEquals(
                List.of(0, 3, 1), fabric.ports().stream().map(p -> p.macs()).toList());
    }

    @Test
    void learnsNeitherGroupsNorNobody() {
        one.input(batch(1, frame(A, Ethernet.BROADCAST, 1), frame(A, Ethernet.parse("33:33:00:00:00:01"), 2)));
        one.input(batch(1, frame(A, 0, 3), frame(0, 0, 0xdead, 4)));
        assertEquals(List.of(), fabric.macs());
        assertEquals(List.of(1, 2, 3), tapWire.numbers());
        assertEquals(1, count("one", "drop-nobody"));
    }

    @Test
    void filters() {
        int lldp = 0x88cc;
        one.input(batch(1, frame(Ethernet.BROADCAST, B, lldp, 1)));
        assertEquals(List.of(1), tapWire.numbers());
        configure("ethertypes", "compatible");
        one.input(batch(
                1,
                frame(A, C, lldp, 2),
                frame(A, B, Ethernet.ARP, 3),
                frame(A, B, Ethernet.IPV6, 4),
                frame(A, B, Ethernet.VLAN, 5),
                frame(A, B, 0x0026, 6),
                frame(A, B, Ethernet.IPV4, 7)));
        assertEquals(List.of(3, 4, 5, 7), tapWire.numbers());
        assertEquals(2, count("one", "drop-ethertype"));
        assertEquals(Optional.empty(), fabric.lookup(C), "nothing is learned from filtered frames");
    }

    @Test
    void dropsFramesThatAreNone() {
        one.input(batch(1, new byte[0], new byte[13], frame(A, B, 1)));
        assertEquals(List.of(1), tapWire.numbers());
        assertEquals(2, count("one", "drop-short"));
    }

    @Test
    void countsWhatComesAfterClose() {
        one.input(batch(1, frame(A, B, 1)));
        tapWire.take();
        one.close();
        one.close();
        one.input(batch(1, frame(A, C, 2), frame(A, C, 3)));
        assertEquals(List.of(), tapWire.numbers());
        assertEquals(List.of(), fabric.macs());
        assertEquals(2, fabric.counters().get("drop-closed"));
        assertEquals(2, fabric.ports().size());
        tap.input(batch(2, frame(B, A, 4)));
        assertEquals(List.of(), oneWire.numbers());
        assertEquals(List.of(4), twoWire.numbers(), "unknown now, so flooded");
    }

    @Test
    void survivesPortsThatFail() {
        one.close();
        int[] calls = {0};
        Egress failing = frames -> {
            calls[0]++;
            throw new IllegalStateException("a test");
        };
        fabric.attach("bad", PortKind.TUNNEL, failing);
        Wire last = new Wire();
        fabric.attach("last", PortKind.TUNNEL, last);
        for (int i = 0; i < 3; i++) {
            tap.input(batch(2, frame(Ethernet.BROADCAST, A, i)));
        }
        assertEquals(List.of(0, 1, 2), twoWire.numbers());
        assertEquals(List.of(0, 1, 2), last.numbers());
        assertEquals(3, calls[0]);
        assertEquals(3, count("bad", "drop-egress-failed"));
        assertEquals(0, count("bad", "frames-out"));
    }

    @Test
    void names() {
        assertThrows(IllegalArgumentException.class, () -> fabric.attach("tap", PortKind.TUNNEL, oneWire));
        one.close();
        fabric.attach("one", PortKind.TUNNEL, oneWire);
        assertEquals(
                List.of("tap", "two", "one"),
                fabric.ports().stream().map(p -> p.name()).toList());
    }

    @Test
    void takesAndLosesPortsForAsLongAsItRuns() {
        for (int i = 0; i < 3 * MacTable.MAX_PORTS; i++) {
            Wire wire = new Wire();
            SwitchPort port = fabric.attach("port " + i, PortKind.TUNNEL, wire);
            port.input(batch(1, frame(A, C, i)));
            tap.input(batch(2, frame(C, A, i)));
            assertEquals(List.of(i), wire.numbers());
            port.close();
        }
        while (fabric.ports().size() < MacTable.MAX_PORTS) {
            fabric.attach("more " + fabric.ports().size(), PortKind.TUNNEL, frames -> {});
        }
        assertThrows(IllegalStateException.class, () -> fabric.attach("too many", PortKind.TUNNEL, frames -> {}));
    }

    @Test
    void counts() {
        one.input(batch(1, frame(A, B, 1)));
        tap.input(batch(2, frame(B, A, 2), frame(B, A, 3)));
        assertEquals(2, count("tap", "frames-in"));
        assertEquals(120, count("tap", "bytes-in"));
        assertEquals(2, count("one", "frames-out"));
        assertEquals(120, count("one", "bytes-out"));
        assertEquals(3, fabric.counters().get("frames-in"));
        assertEquals(3, fabric.counters().get("frames-out"));
        assertEquals(3, fabric.counters().get("ports"));
        assertEquals(2, fabric.counters().get("macs"));
        assertEquals(2, fabric.counters().get("macs-learned"));
    }

    @Test
    void showsWhatItLearned() {
        one.input(batch(1, frame(A, B, 1)));
        now += 7 * SECOND;
        two.input(batch(1, frame(A, C, 1)));
        assertEquals(
                List.of(new MacEntry(B, "one", Duration.ofSeconds(7)), new MacEntry(C, "two", Duration.ZERO)),
                fabric.macs());
    }

    @Test
    void leavesFramesAsTheyAre() {
        byte[] frame = frame(Ethernet.BROADCAST, A, 1);
        Batch batch = batch(2, frame, frame);
        byte[] before = batch.data().clone();
        tap.input(batch);
        assertEquals(2, batch.count());
        assertArrayEquals(before, batch.data());
    }
}
