package tier6.vswitch.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tier6.api.frame.Ethernet;
import tier6.api.vswitch.PortKind;
import tier6.api.vswitch.SwitchPort;

class SwitchComponentTest {
    private final SwitchComponent component = new SwitchComponent();

    @BeforeEach
    void activate() {
        component.activate(Map.of());
    }

    @AfterEach
    void deactivate() throws InterruptedException {
        component.deactivate();
    }

    @Test
    void keepsPortsAndAddressesWhenItsConfigurationChanges() {
        Wire wire = new Wire();
        component.attach("tap", PortKind.LOCAL, wire);
        SwitchPort peer = component.attach("peer", PortKind.TUNNEL, frames -> {});
        peer.input(Wire.batch(1, Wire.frame(Wire.A, Wire.B, 1)));
        component.modified(Map.of("ethertypes", "compatible"));
        peer.input(Wire.batch(1, Wire.frame(Wire.A, Wire.B, 0x88cc, 2), Wire.frame(Wire.A, Wire.B, 3)));
        assertEquals(List.of(1, 3), wire.numbers());
        assertEquals(Optional.of("peer"), component.lookup(Wire.B));
        component.modified(Map.of("ethertypes", "nonsense"));
        peer.input(Wire.batch(1, Wire.frame(Wire.A, Wire.B, 0x88cc, 4), Wire.frame(Ethernet.BROADCAST, Wire.B, 5)));
        assertEquals(List.of(5), wire.numbers(), "a mistake changes nothing");
        assertEquals(2, component.ports().size());
        assertEquals(1, component.macs().size());
        assertEquals(2, component.counters().get("drop-ethertype"));
    }
}
