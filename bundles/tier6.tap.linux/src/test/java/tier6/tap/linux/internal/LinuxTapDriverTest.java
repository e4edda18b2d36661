package tier6.tap.linux.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tier6.api.contract.TapDriverContract;
import tier6.api.frame.Batch;
import tier6.api.tap.Tap;
import tier6.api.tap.TapConfig;
import tier6.api.tap.TapDriver;

class LinuxTapDriverTest extends TapDriverContract {
    static final long MAC = 0x0601_0a00_0001L;

    @BeforeAll
    static void needsKernel() {
        Kernel.assumeTap();
    }

    @Override
    protected TapDriver driver() {
        return new LinuxTapDriver();
    }

    @Override
    protected TapConfig config(int mtu) {
        return new TapConfig(Kernel.name(), MAC, mtu, Optional.empty());
    }

    @Override
    protected OtherSide system(Tap tap) throws Exception {
        return new PacketSocket(tap.name(), TEST_ETHERTYPE, false);
    }

    @Test
    void setsUpTheInterface() throws Exception {
        try (Tap tap = driver().open(config(1408))) {
            String link = Kernel.run("ip", "link", "show", tap.name());
            assertTrue(link.contains("mtu 1408"), link);
            assertTrue(link.contains("UP"), link);
            assertTrue(link.contains("06:01:0a:00:00:01"), link);
        }
    }

    @Test
    void handsOverToASecondDriver() throws Exception {
        TapConfig config = config(1408);
        Tap first = driver().open(config);
        try (Tap second = driver().open(config)) {
            assertEquals(first.name(), second.name());
            first.close();
            try (OtherSide system = system(second)) {
                byte[] frame = frame(1, 500);
                system.send(frame);
                Batch batch = new Batch(2, 1, 1 << 16);
                do {
                    batch.clear();
                    second.read(0, batch);
                } while (batch.isEmpty() || batch.data()[12] != (byte) 0x88);
                assertArrayEquals(frame, batch.copy(0));
                second.write(batch);
                assertArrayEquals(frame, system.receive());
            }
        }
    }

    @Test
    void usesAnInterfaceMadeBeforehand() throws Exception {
        TapConfig config = config(1500);
        Kernel.run("ip", "tuntap", "add", config.name(), "mode", "tap");
        try (Tap tap = driver().open(config)) {
            assertEquals(1, tap.queues());
            assertTrue(assertThrows(IOException.class, () -> driver().open(config))
                    .getMessage()
                    .contains("it has a single queue"));
        } finally {
            Kernel.run("ip", "link", "del", config.name());
        }
    }

    @Test
    void saysWhatIsWrong() {
        assertError("too long", new TapConfig("a-name-of-sixteen", MAC, 1400, Optional.empty()));
        assertError("is no TAP device", new TapConfig("lo", MAC, 1400, Optional.empty()));
        assertError("68 to 65521", new TapConfig(Kernel.name(), MAC, 10, Optional.empty()));
        assertError("group address", new TapConfig(Kernel.name(), 0x0100_0000_0001L, 1400, Optional.empty()));
        assertError("no user", new TapConfig(Kernel.name(), MAC, 1400, Optional.of("nobody-at-all")));
    }

    private void assertError(String part, TapConfig config) {
        String message =
                assertThrows(IOException.class, () -> driver().open(config)).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void failsWhenTheInterfaceIsDeleted() throws Exception {
        try (Tap tap = driver().open(config(1400))) {
            Kernel.run("ip", "link", "del", tap.name());
            Batch batch = new Batch(2, 64, 1 << 16);
            assertThrows(IOException.class, () -> {
                for (int i = 0; i < 100; i++) {
                    batch.clear();
                    tap.read(0, batch);
                }
            });
        }
    }

    @Test
    void findsTheOffloadsOfTheKernel() throws Exception {
        try (Tap tap = driver().open(config(1400));
                Tap off = new LinuxTapDriver("off", 1, false).open(config(1400));
                Tap some = new LinuxTapDriver("tso4, tso6", 2, false).open(config(1400))) {
            assertTrue(((LinuxTap) tap).offloads().contains(Offload.TSO4));
            assertEquals("[]", ((LinuxTap) off).offloads().toString());
            assertEquals("[CSUM, TSO4, TSO6]", ((LinuxTap) some).offloads().toString());
            assertEquals(2, some.queues());
        }
    }
}
