package tier6.sanctum.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tier6.sanctum.Vectors.digits;
import static tier6.sanctum.Vectors.hex;
import static tier6.sanctum.Vectors.id;
import static tier6.sanctum.Vectors.id32;
import static tier6.sanctum.Vectors.text;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tier6.sanctum.Vectors;

/** Replays what the C programs recorded. */
class SessionVectorsTest {

    @ParameterizedTest
    @ValueSource(strings = {"data_packets_direct", "data_packets_flock"})
    void sealsAndOpensTheRecordedPackets(String file) {
        Map<String, TxSession> senders = new HashMap<>();
        Map<String, RxSession> receivers = new HashMap<>();
        int cases = 0;
        for (JsonElement element : Vectors.load(file).getAsJsonArray("cases")) {
            JsonObject packet = element.getAsJsonObject();
            String from = text(packet, "from");
            byte[] expected = hex(packet, "datagram");
            byte[] payload = hex(packet, "plaintext");
            long src = DataHeader.getLong(expected, DataHeader.FLOCK_SRC);
            long dst = DataHeader.getLong(expected, DataHeader.FLOCK_DST);
            SessionKey key = new SessionKey(hex(packet, "key"), id32(packet, "spi"), id32(packet, "salt"));
            TxSession tx = senders.computeIfAbsent(from, f -> new TxSession(key, src, dst, 0));
            RxSession rx = receivers.computeIfAbsent(from, f -> new RxSession(key, src, dst, 64));

            assertEquals(packet.get("pn").getAsLong(), tx.reserve(1));
            byte[] frames = Arrays.copyOf(payload, payload.length + 2);
            byte[] out = new byte[payload.length + 100];
            int length = tx.seal(
                    3,
                    packet.get("pn").getAsLong(),
                    frames,
                    0,
                    payload.length,
                    packet.get("next").getAsInt(),
                    out,
                    7);
            assertEquals(digits(expected), digits(Arrays.copyOfRange(out, 7, 7 + length)));

            byte[] opened = new byte[payload.length + 2];
            assertEquals(payload.length, rx.open(out, 7, length, opened, 0));
            assertArrayEquals(payload, Arrays.copyOf(opened, payload.length));
            assertEquals(packet.get("next").getAsInt(), rx.lastNext());
            cases++;
        }
        assertEquals(6, cases);
    }

    @Test
    void followsTheRecordedWindow() {
        JsonObject file = Vectors.load("antireplay");
        JsonObject first = file.getAsJsonArray("sequence").get(0).getAsJsonObject();
        byte[] sample = hex(first, "datagram");
        long src = DataHeader.getLong(sample, DataHeader.FLOCK_SRC);
        long dst = DataHeader.getLong(sample, DataHeader.FLOCK_DST);
        SessionKey key = new SessionKey(hex(file, "key"), id32(file, "spi"), id32(file, "salt"));
        RxSession rx = new RxSession(key, src, dst, ReplayWindow.SANCTUM_BITS);
        for (long pn = 1; pn <= file.get("window_top_before").getAsLong(); pn++) {
            rx.window().update(pn);
        }
        assertEquals(id(file, "bitmap_before"), rx.window().bitmap());

        Map<String, DropReason> reasons = new HashMap<>();
        for (JsonElement element : file.getAsJsonArray("sequence")) {
            JsonObject step = element.getAsJsonObject();
            String what = text(step, "what");
            byte[] datagram = hex(step, "datagram");
            int result = rx.open(datagram, 0, datagram.length, new byte[2048], 0);
            // libkyrka throws grace packets away; here they go to the transport, marked as such.
            boolean grace = what.contains("grace");
            assertEquals(step.get("accepted").getAsBoolean() || grace, result >= 0, what);
            if (result >= 0) {
                assertEquals(grace ? DataHeader.NEXT_GRACE : DataHeader.NEXT_FRAME, rx.lastNext(), what);
            } else {
                reasons.put(what, DropReason.of(result));
            }
            assertEquals(step.get("window_top_after").getAsLong(), rx.window().top(), what);
            assertEquals(
                    text(step, "bitmap_after"),
                    String.format("%016x", rx.window().bitmap()),
                    what);
        }
        assertEquals(DropReason.REPLAYED, reasons.get("immediate replay"));
        assertEquals(DropReason.REPLAYED, reasons.get("pn 0 is never valid"));
        assertEquals(DropReason.NOT_AUTHENTIC, reasons.get("tag flipped (window must not move)"));
        assertEquals(DropReason.SEQUENCE, reasons.get("seq != low32(pn)"));
        assertEquals(DropReason.UNKNOWN_SPI, reasons.get("unknown spi"));
        assertEquals(DropReason.FLOCK, reasons.get("flock_src domain differs"));
        assertEquals(DropReason.TAIL, reasons.get("tail next 4 unknown"));
    }

    /** As the C daemon, but for its defect: there the promoting packet can be replayed once. */
    @Test
    void followsTheRecordedSlotsWithoutTheirDefect() {
        JsonObject file = Vectors.load("rx_slots_sanctum");
        SessionKey k1 = new SessionKey(hex(file, "k1"), 0x11110001, id32(file, "salt1"));
        SessionKey k2 = new SessionKey(hex(file, "k2"), 0x22220002, id32(file, "salt2"));
        TxSession tx1 = new TxSession(k1, 1, 2, 0);
        TxSession tx2 = new TxSession(k2, 1, 2, 0);
        RxSlots slots = new RxSlots(1, 2, ReplayWindow.SANCTUM_BITS, 0);
        Map<String, byte[]> packets = new HashMap<>();
        boolean promoted = false;
        int replays = 0;
        for (JsonElement element : file.getAsJsonArray("steps")) {
            JsonObject step = element.getAsJsonObject();
            String what = text(step, "step");
            boolean accepted = step.get("accepted").getAsBoolean();
            String bitmap = text(step, "bitmap");
            if (what.startsWith("install")) {
                slots.install(what.contains("K1") ? k1 : k2);
            } else {
                boolean replay = what.contains("REPLAY of the promoting packet");
                replays += replay ? 1 : 0;
                long pn = Character.digit(what.charAt("K1 pn ".length()), 10);
                String packet = what.substring(0, "K1 pn 1".length());
                byte[] datagram = packets.computeIfAbsent(packet, p -> seal(p.startsWith("K1") ? tx1 : tx2, pn, 20));
                int result = slots.open(datagram, 0, datagram.length, new byte[100], 0);
                assertEquals(accepted && !replay, result >= 0, what);
                if (what.contains("promotes")) {
                    promoted = true;
                    bitmap = "8000000000000000";
                }
            }
            if (promoted && bitmap.equals("0000000000000000")) {
                bitmap = "8000000000000000";
            }
            assertEquals(text(step, "active_spi"), String.format("%08x", slots.activeSpi()), what);
            assertEquals(text(step, "pending_spi"), String.format("%08x", slots.pendingSpi()), what);
            assertEquals(
                    step.get("window_top").getAsLong(), slots.activeWindow().top(), what);
            assertEquals(bitmap, String.format("%016x", slots.activeWindow().bitmap()), what);
        }
        assertTrue(promoted);
        assertEquals(1, replays);
    }

    static byte[] seal(TxSession tx, long pn, int length) {
        byte[] out = new byte[length + DataHeader.OVERHEAD];
        int sealed = tx.seal(0, pn, new byte[length + 2], 0, length, DataHeader.NEXT_FRAME, out, 0);
        assertEquals(out.length, sealed);
        return out;
    }
}
