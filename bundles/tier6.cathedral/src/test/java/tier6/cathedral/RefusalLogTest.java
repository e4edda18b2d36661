package tier6.cathedral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class RefusalLogTest {
    private static final int SECONDS = 60, A_SECOND = 1_000;

    @Test
    void aMinuteOfAFloodIsAHandfulOfLines() {
        List<LogRecord> lines = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                lines.add(record);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger log = Logger.getLogger(CathedralCore.class.getName());
        log.addHandler(handler);
        try {
            RefusalLog refusals = new RefusalLog();
            for (int i = 0; i < SECONDS * A_SECOND; i++) {
                InetSocketAddress from = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1 + i % 0xffff);
                refusals.refused(CathedralCounter.DROP_CLOCK, from, i, i, i);
            }
            refusals.flush((SECONDS + 5) * A_SECOND);
        } finally {
            log.removeHandler(handler);
        }
        assertTrue(lines.size() <= 2 + SECONDS / 5, lines.size() + " lines");
        LogRecord last = lines.remove(lines.size() - 1);
        assertEquals((long) SECONDS * A_SECOND, (Long) last.getParameters()[0] + lines.size(), "none is left out");
    }
}
