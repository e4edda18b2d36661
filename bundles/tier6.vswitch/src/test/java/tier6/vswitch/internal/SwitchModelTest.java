package tier6.vswitch.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import tier6.api.frame.Batch;
import tier6.api.frame.Ethernet;
import tier6.api.vswitch.PortKind;
import tier6.api.vswitch.SwitchPort;

/** Lets the switch and a model of it live through the same random history. */
class SwitchModelTest {
    private static final int[] TYPES = {Ethernet.IPV4, Ethernet.ARP, Ethernet.IPV6, 0x88cc, 0x0026};

    private final Map<String, SwitchPort> open = new HashMap<>();
    private final Map<String, SwitchPort> closed = new HashMap<>();
    private final Map<String, Wire> wires = new HashMap<>();
    private final ModelSwitch model = new ModelSwitch();
    private long now;

    @RepeatedTest(40)
    void behavesLikeItsModel(RepetitionInfo repetition) {
        long seed = Long.getLong("tier6.seed", repetition.getCurrentRepetition());
        Random random = new Random(seed);
        now = random.nextLong() >> 8;
        Switch fabric = new Switch(SwitchConfig.DEFAULT, () -> now, random.nextLong(), (mac, port, from) -> {});
        configure(fabric, random);
        int macs = 2 + random.nextInt(200);
        int names = 0;
        int number = 0;
        for (int step = 0; step < 2000; step++) {
            String where = "step " + step + " with -Dtier6.seed=" + seed;
            int dice = random.nextInt(100);
            if (open.isEmpty() || dice < 3 && open.size() < 12) {
                String name = "port " + names++;
                PortKind kind = random.nextInt(4) == 0 ? PortKind.LOCAL : PortKind.TUNNEL;
                wires.put(name, new Wire());
                open.put(name, fabric.attach(name, kind, wires.get(name)));
                model.attach(name, kind);
            } else if (dice < 5) {
                String name = pick(open, random);
                open.get(name).close();
                closed.put(name, open.remove(name));
                model.detach(name);
            } else if (dice < 6) {
                configure(fabric, random);
            } else if (dice < 20) {
                now += (long) (random.nextDouble() * random.nextInt(20) * 1e9);
                model.age(now);
                fabric.age();
            } else {
                String from = pick(closed.isEmpty() || dice < 98 ? open : closed, random);
                List<byte[]> frames = new ArrayList<>();
                for (int n = random.nextInt(8) == 0 ? 300 : random.nextInt(6); n >= 0; n--) {
                    byte[] frame = Wire.frame(
                            address(random, macs),
                            address(random, macs),
                            TYPES[random.nextInt(TYPES.length)],
                            number++);
                    frames.add(random.nextInt(50) == 0 ? new byte[random.nextInt(14)] : frame);
                }
                Batch batch = Wire.batch(random.nextInt(Batch.MAX_LANES), frames);
                (open.containsKey(from) ? open : closed).get(from).input(batch);
                frames.forEach(frame -> model.input(from, frame, now));
            }
            for (String name : wires.keySet()) {
                assertEquals(model.sent.get(name), wires.get(name).numbers(), name + " at " + where);
                model.sent.get(name).clear();
            }
            long mac = address(random, macs);
            assertEquals(model.lookup(mac, now), fabric.lookup(mac), where);
            fabric.ports().forEach(port -> assertEquals(model.size(port.name()), port.macs(), where));
        }
    }

    private void configure(Switch fabric, Random random) {
        model.ageing = Duration.ofSeconds(10 + random.nextInt(60)).toNanos();
        model.capacity = 1 + random.nextInt(40);
        model.flood = random.nextBoolean();
        model.types = random.nextBoolean() ? EtherTypes.ALL : EtherTypes.COMPATIBLE;
        fabric.configure(new SwitchConfig(
                Duration.ofNanos(model.ageing), model.capacity, model.flood, model.types, random.nextBoolean()));
        model.age(now);
        fabric.age();
    }

    private static long address(Random random, int macs) {
        return switch (random.nextInt(12)) {
            case 0 -> Ethernet.BROADCAST;
            case 1 -> 0x3333_0000_0000L | random.nextInt(4);
            case 2 -> 0;
            default -> 0x0200_0000_0000L | random.nextInt(macs) * 0x0001_0000_0001L % 0xff_ffff_ffffL;
        };
    }

    private static String pick(Map<String, SwitchPort> ports, Random random) {
        List<String> names = ports.keySet().stream().sorted().toList();
        return names.get(random.nextInt(names.size()));
    }
}
