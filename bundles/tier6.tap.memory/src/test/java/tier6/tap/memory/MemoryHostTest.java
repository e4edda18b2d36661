package tier6.tap.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tier6.api.frame.Batch;
import tier6.api.frame.Ethernet;
import tier6.api.tap.TapConfig;

/** Frames are written out as they are on the wire; their checksums were not computed by the code under test. */
class MemoryHostTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(50);

    private static final long MAC1 = 0x0601_0a00_0001L;
    private static final long MAC2 = 0x0602_0a00_0001L;

    private final MemoryTap tap = tap("one", MAC1);
    private final MemoryHost host = new MemoryHost(tap);
    private final List<Thread> pumps = new ArrayList<>();
    private final List<MemoryTap> taps = new ArrayList<>(List.of(tap));

    private static MemoryTap tap(String name, long mac) {
        return new MemoryTap(new TapConfig(name, mac, 1400, Optional.empty()));
    }

    private static InetAddress ip(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static byte[] hex(String... words) {
        return HexFormat.of().parseHex(String.join("", words).replace(" ", ""));
    }

    @AfterEach
    void close() throws InterruptedException {
        taps.forEach(MemoryTap::close);
        for (Thread pump : pumps) {
            pump.join();
        }
    }

    /** A cable between two TAPs. */
    private void join(MemoryTap a, MemoryTap b) {
        pump(a, b);
        pump(b, a);
    }

    private void pump(MemoryTap from, MemoryTap to) {
        Thread pump = new Thread(() -> {
            Batch batch = new Batch(2, 64, 1 << 17);
            do {
                batch.clear();
                from.read(0, batch);
                to.write(batch);
            } while (!batch.isEmpty());
        });
        pump.start();
        pumps.add(pump);
    }

    private MemoryHost second(String... addresses) {
        MemoryTap other = tap("two", MAC2);
        taps.add(other);
        MemoryHost second = new MemoryHost(other);
        second.addresses(Arrays.stream(addresses).map(MemoryHostTest::ip).toList());
        join(tap, other);
        return second;
    }

    /** What the host sends. */
    private List<byte[]> take() {
        Batch batch = new Batch(2, 1000, 1 << 20);
        tap.wakeup();
        tap.read(0, batch);
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < batch.count(); i++) {
            frames.add(batch.copy(i));
        }
        return frames;
    }

    /** What the host answers to a frame. */
    private List<byte[]> answers(byte[] frame) {
        take();
        host.receive(frame, 0, frame.length);
        return take();
    }

    private void assertAnswer(byte[] expected, byte[] frame) {
        List<byte[]> answers = answers(frame);
        assertEquals(1, answers.size());
        HexFormat hex = HexFormat.of();
        assertEquals(hex.formatHex(expected), hex.formatHex(answers.get(0)));
    }

    private static final String ETHER = "06010a000001 06020a000001";
    private static final String ETHER_BACK = "06020a000001 06010a000001";
    private static final byte[] ARP_REQUEST = hex(
            "ffffffffffff 06020a000001 0806",
            "0001 0800 06 04 0001 06020a000001 0a060002 000000000000 0a060001",
            "000000000000000000000000000000000000");
    private static final byte[] PING = hex(
            ETHER, "0800", "4500 0020 1234 0000 40 01 549b 0a060002 0a060001", "08 00 3236 0102 0001", "61 62 63 64");
    private static final String LOCAL1 = "fe80000000000000 04010afffe000001";
    private static final String LOCAL2 = "fe80000000000000 04020afffe000001";
    private static final byte[] SOLICITATION = hex(
            "3333ff000001 06020a000001 86dd",
            "60000000 0020 3a ff",
            LOCAL2,
            "ff020000000000000000 0001ff000001",
            "87 00 5294 00000000",
            LOCAL1,
            "01 01 06020a000001");
    private static final byte[] PING6 =
            hex(ETHER, "86dd", "60000000 000c 3a 40", LOCAL2, LOCAL1, "80 00 a2e8 0102 0001", "61 62 63 64");

    @Test
    void answersArp() {
        host.addresses(List.of(ip("10.6.0.1")));
        assertAnswer(
                hex(ETHER_BACK, "0806", "0001 0800 06 04 0002 06010a000001 0a060001 06020a000001 0a060002"),
                ARP_REQUEST);
        host.addresses(List.of(ip("10.6.0.3")));
        assertEquals(List.of(), answers(ARP_REQUEST), "another host is asked for");
    }

    @Test
    void answersPings() {
        host.addresses(List.of(ip("10.6.0.1")));
        assertAnswer(
                hex(
                        ETHER_BACK,
                        "0800",
                        "4500 0020 0000 4000 40 01 26cf 0a060001 0a060002",
                        "00 00 3a36 0102 0001",
                        "61 62 63 64"),
                PING);
    }

    @Test
    void answersNeighbourSolicitations() {
        byte[] expected = hex(
                ETHER_BACK,
                "86dd",
                "60000000 0020 3a ff",
                LOCAL1,
                LOCAL2,
                "88 00 e317 60000000",
                LOCAL1,
                "02 01 06010a000001");
        assertAnswer(expected, SOLICITATION);
    }

    @Test
    void answersPingsOverIpv6() {
        byte[] expected =
                hex(ETHER_BACK, "86dd", "60000000 000c 3a 40", LOCAL1, LOCAL2, "81 00 a1e8 0102 0001", "61 62 63 64");
        assertAnswer(expected, PING6);
    }

    @Test
    void saysThatAnAddressIsTaken() {
        byte[] question = hex(
                "3333ff000001 06020a000001 86dd",
                "60000000 0018 3a ff",
                "0000000000000000 0000000000000000",
                "ff020000000000000000 0001ff000001",
                "87 00 0000 00000000",
                LOCAL1);
        List<byte[]> answers = answers(fixIcmp6(question));
        assertEquals(1, answers.size());
        assertEquals(0x3333_0000_0001L, Ethernet.mac(answers.get(0), 0));
        assertEquals(0x20, answers.get(0)[Stack.PACKET + 40 + 4] & 0xff, "not solicited by anybody in particular");
    }

    @Test
    void knowsItsChecksums() {
        // the example of RFC 1071 section 3: the sum of these words is ddf2
        byte[] data = hex("0001 f203 f4f5 f6f7");
        assertEquals(0xffff ^ 0xddf2, Words.checksum(Words.sum(0, data, 0, 8)));
        assertEquals(0xffff ^ 0xab00, Words.checksum(Words.sum(0, hex("ab"), 0, 1)));
        // echo requests of a Linux kernel to itself: what contains its checksum has the checksum 0
        byte[] four = hex("4500 0020 7bc1 4000 4001 c119 7f000001 7f000001", "0800 971a 5ee0 0001 00010203");
        assertEquals(0, Words.checksum(Words.sum(0, four, 0, 20)));
        assertEquals(0, Words.checksum(Words.sum(0, four, 20, 12)));
        byte[] six = hex(
                "600aa9b4 000c 3a 40",
                "00000000000000000000000000000001",
                "00000000000000000000000000000001",
                "80 00 1ed1 5ee1 0001 00010203");
        assertEquals(0, Words.checksum(Words.sum(Words.sum(58 + 12, six, 8, 32), six, 40, 12)));
    }

    @Test
    void announcesItsAddresses() {
        take();
        host.addresses(List.of(ip("10.6.0.1"), ip("fd06::1")));
        List<byte[]> frames = take();
        assertEquals(3, frames.size());
        for (byte[] frame : frames) {
            assertTrue(Ethernet.isGroup(Ethernet.mac(frame, 0)));
            assertEquals(MAC1, Ethernet.mac(frame, 6));
        }
        assertEquals(List.of(ip("10.6.0.1"), ip("fe80::401:aff:fe00:1"), ip("fd06::1")), host.addresses());
    }

    @Test
    void pingsOverIpv4() throws InterruptedException {
        host.addresses(List.of(ip("10.6.0.1")));
        MemoryHost second = second("10.6.0.2");
        assertTrue(host.ping(ip("10.6.0.2"), LONG).isPresent());
        assertTrue(second.ping(ip("10.6.0.1"), LONG).isPresent());
        assertTrue(host.ping(ip("10.6.0.2"), LONG).isPresent(), "again, the neighbour is known now");
        assertEquals(2, host.counters().get("echo-replies"));
        assertEquals(1, host.counters().get("echo-answers"));
    }

    @Test
    void pingsOverIpv6() throws InterruptedException {
        host.addresses(List.of(ip("fd06::1")));
        MemoryHost second = second("fd06::2");
        assertTrue(host.ping(ip("fd06::2"), LONG).isPresent());
        assertTrue(second.ping(ip("fd06::1"), LONG).isPresent());
        assertTrue(host.ping(ip("fe80::402:aff:fe00:1"), LONG).isPresent());
    }

    @Test
    void waitsInVainForHostsThatAreNotThere() throws InterruptedException {
        host.addresses(List.of(ip("10.6.0.1"), ip("fd06::1")));
        second("10.6.0.2");
        assertEquals(Optional.empty(), host.ping(ip("10.6.0.9"), SHORT));
        assertEquals(Optional.empty(), host.ping(ip("fd06::9"), SHORT));
    }

    @Test
    void findsAHostThatHasAnotherHardwareAddressNow() throws InterruptedException {
        host.addresses(List.of(ip("10.6.0.1")));
        MemoryTap other = tap("two", MAC2);
        MemoryTap third = tap("three", MAC2 + 1);
        taps.addAll(List.of(other, third));
        MemoryHost second = new MemoryHost(other);
        MemoryHost next = new MemoryHost(third);
        tap.connect((data, offset, length) -> host.receive(data, offset, length));
        second.addresses(List.of(ip("10.6.0.2")));
        next.addresses(List.of());
        // one wire for all three
        for (MemoryTap from : taps) {
            Thread pump = new Thread(() -> {
                Batch batch = new Batch(2, 64, 1 << 17);
                do {
                    batch.clear();
                    from.read(0, batch);
                    taps.stream().filter(to -> to != from).forEach(to -> to.write(batch));
                } while (!batch.isEmpty());
            });
            pump.start();
            pumps.add(pump);
        }
        assertTrue(host.ping(ip("10.6.0.2"), LONG).isPresent());
        second.addresses(List.of());
        next.addresses(List.of(ip("10.6.0.2")));
        host.ping(ip("10.6.0.2"), SHORT);
        assertTrue(host.ping(ip("10.6.0.2"), LONG).isPresent());
    }

    @Test
    void pingsItself() throws InterruptedException {
        host.addresses(List.of(ip("10.6.0.1")));
        assertEquals(Optional.of(Duration.ZERO), host.ping(ip("10.6.0.1"), SHORT));
    }

    @Test
    void needsAnAddressToPingFrom() {
        assertThrows(IllegalArgumentException.class, () -> host.ping(ip("10.6.0.2"), SHORT));
        assertThrows(IllegalArgumentException.class, () -> host.ping(ip("fd06::2"), SHORT));
        for (String bad : new String[] {"0.0.0.0", "::", "224.0.0.1", "ff02::1", "127.0.0.1", "::1"}) {
            assertThrows(IllegalArgumentException.class, () -> host.addresses(List.of(ip(bad))));
        }
    }

    @Test
    void believesNoReplyThatItDidNotAskFor() {
        host.addresses(List.of(ip("10.6.0.1")));
        byte[] reply = PING.clone();
        reply[Stack.PACKET + 20] = 0;
        assertEquals(List.of(), answers(fixIcmp4(reply)));
        assertEquals(0, host.counters().get("echo-replies"));
    }

    @Test
    void ignoresWhatIsDamaged() {
        host.addresses(List.of(ip("10.6.0.1")));
        for (byte[] good : new byte[][] {PING, PING6, SOLICITATION}) {
            assertEquals(1, answers(good).size());
            for (int i = Stack.PACKET; i < good.length; i++) {
                byte[] bad = good.clone();
                bad[i] ^= 0x10;
                int last = i;
                boolean covered = good == PING || i >= Stack.PACKET + 8;
                if (covered) {
                    assertEquals(List.of(), answers(bad), () -> "byte " + last + " is wrong");
                }
            }
        }
        assertTrue(host.counters().get("drop-checksum") > 0);
    }

    @Test
    void ignoresFragmentsAndOptions() {
        host.addresses(List.of(ip("10.6.0.1")));
        byte[] fragment = PING.clone();
        fragment[Stack.PACKET + 6] = 0x20;
        assertEquals(List.of(), answers(fixIcmp4(fragment)));
        assertEquals(1, host.counters().get("drop-fragment"));
        byte[] options = hex(
                ETHER,
                "0800",
                "4600 0024 1234 0000 40 01 0000 0a060002 0a060001 01010101",
                "08 00 0000 0102 0001",
                "61 62 63 64");
        assertEquals(List.of(), answers(fixIcmp4(options)));
        assertEquals(1, host.counters().get("drop-options"));
        byte[] extension = PING6.clone();
        extension[Stack.PACKET + 6] = 60;
        assertEquals(List.of(), answers(extension));
        assertEquals(2, host.counters().get("drop-options"));
    }

    @Test
    void ignoresTaggedFramesAndStrangers() {
        byte[] tagged = hex(ETHER, "8100 0001 0800", "45000020");
        assertEquals(List.of(), answers(tagged));
        byte[] other = fixIcmp6(PING6);
        other[5] ^= 2;
        assertEquals(List.of(), answers(other), "for another station");
        byte[] broadcast = fixIcmp6(PING6);
        Ethernet.putMac(broadcast, 0, Ethernet.BROADCAST);
        assertEquals(List.of(), answers(broadcast), "pings to everybody are answered by nobody");
        byte[] group = fixIcmp6(PING6);
        group[6] |= 1;
        assertEquals(List.of(), answers(group), "nobody can be answered there");
    }

    /** Whatever comes: no exception, no byte beyond the end read, and not more answers than questions. */
    @Test
    void survivesHostileFrames() {
        host.addresses(List.of(ip("10.6.0.1"), ip("fd06::1")));
        byte[][] seeds = {ARP_REQUEST, PING, PING6, SOLICITATION};
        long seed = Long.getLong("tier6.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 300_000; i++) {
            byte[] frame = seeds[random.nextInt(seeds.length)].clone();
            for (int n = random.nextInt(6); n > 0; n--) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt();
            }
            frame = Arrays.copyOf(frame, random.nextInt(4) == 0 ? random.nextInt(frame.length + 1) : frame.length);
            try {
                if (random.nextBoolean() && frame.length >= 14 + 20) {
                    frame = frame[12] == 0x08 ? fixIcmp4(frame) : fixIcmp6(frame);
                }
                host.receive(frame, 0, frame.length);
                if (i % 100 == 0) {
                    assertTrue(take().size() <= 100);
                }
            } catch (RuntimeException e) {
                throw new AssertionError(HexFormat.of().formatHex(frame) + " with -Dtier6.seed=" + seed, e);
            }
        }
        Map<String, Long> counters = host.counters();
        for (String name : new String[] {"neighbour-answers", "echo-answers", "drop-malformed", "drop-checksum"}) {
            assertTrue(counters.get(name) > 0, name + " with -Dtier6.seed=" + seed);
        }
        assertEquals(1, answers(fixIcmp4(PING)).size(), "it still works");
    }

    @Test
    void findsFramesAnywhereInAnArray() {
        host.addresses(List.of(ip("10.6.0.1")));
        byte[] frame = fixIcmp4(PING);
        byte[] expected = answers(frame).get(0);
        byte[] array = new byte[200];
        Arrays.fill(array, (byte) 0x77);
        System.arraycopy(frame, 0, array, 51, frame.length);
        byte[] before = array.clone();
        host.receive(array, 51, frame.length);
        assertArrayEquals(expected, take().get(0));
        assertArrayEquals(before, array);
    }

    /** A copy with the checksums of IPv4 and ICMP as they should be, if there is room for them. */
    private static byte[] fixIcmp4(byte[] frame) {
        byte[] fixed = frame.clone();
        int header = (fixed[Stack.PACKET] & 0xf) * 4;
        int icmp = Stack.PACKET + header;
        int end = Math.min(fixed.length, Stack.PACKET + Words.u16(fixed, Stack.PACKET + 2));
        if (header >= 20 && icmp + 4 <= end) {
            Words.put16(fixed, Stack.PACKET + 10, 0);
            Words.put16(fixed, Stack.PACKET + 10, Words.checksum(Words.sum(0, fixed, Stack.PACKET, header)));
            Words.put16(fixed, icmp + 2, 0);
            Words.put16(fixed, icmp + 2, Words.checksum(Words.sum(0, fixed, icmp, end - icmp)));
        }
        return fixed;
    }

    private static byte[] fixIcmp6(byte[] frame) {
        byte[] fixed = frame.clone();
        int icmp = Stack.PACKET + 40;
        int end = Math.min(fixed.length, icmp + Words.u16(fixed, Stack.PACKET + 4));
        if (icmp + 4 <= end) {
            Words.put16(fixed, icmp + 2, 0);
            long pseudo = Words.sum(58 + end - icmp, fixed, Stack.PACKET + 8, 32);
            Words.put16(fixed, icmp + 2, Words.checksum(Words.sum(pseudo, fixed, icmp, end - icmp)));
        }
        return fixed;
    }
}
