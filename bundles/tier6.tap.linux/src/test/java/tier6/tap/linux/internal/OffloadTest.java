package tier6.tap.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OffloadTest {
    @Test
    void readsConfigurations() {
        assertEquals(EnumSet.allOf(Offload.class), Offload.parse("auto"));
        assertEquals(Set.of(), Offload.parse("off"));
        assertEquals(Set.of(), Offload.parse(" "));
        assertEquals(EnumSet.of(Offload.CSUM, Offload.TSO4, Offload.ECN), Offload.parse(" TSO4,ecn "));
        assertThrows(IllegalArgumentException.class, () -> Offload.parse("tso5"));
    }

    @Test
    void speaksTheKernelsNumbers() {
        assertEquals(0x6f, Offload.flags(Offload.parse("auto")));
        assertEquals(7, Offload.flags(Offload.parse("tso4 tso6")));
    }
}
