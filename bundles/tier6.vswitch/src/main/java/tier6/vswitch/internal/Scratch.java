package tier6.vswitch.internal;

import java.util.Arrays;
import tier6.api.counter.Counters;
import tier6.api.frame.Batch;

/**
 * What one lane needs while it sorts a batch by the ports that its frames leave by. Selections are made when a lane
 * first sends to a port, so that lanes which serve few ports hold little.
 */
final class Scratch {
    /** The most frames in one call of an egress. */
    static final int FRAMES = 128;

    private final int lane;
    private final Batch[] selections = new Batch[MacTable.MAX_PORTS];
    private final long[] tally = new long[Count.ALL.length];
    private Port[] ports = new Port[8];
    private int count;

    Scratch(int lane) {
        this.lane = lane;
    }

    /** The selection for {@code port}, empty before the first frame of a batch. */
    Batch selection(Port port, Batch frames) {
        Batch selection = selections[port.number];
        if (selection == null) {
            selection = selections[port.number] = Batch.selection(lane, FRAMES);
        }
        if (selection.isEmpty()) {
            selection.selectFrom(frames);
            if (count == ports.length) {
                ports = Arrays.copyOf(ports, 2 * count);
            }
            ports[count++] = port;
        }
        return selection;
    }

    /** How many ports have a selection now. */
    int count() {
        return count;
    }

    /** The ports that have a selection, in the order of their first frame. */
    Port port(int i) {
        return ports[i];
    }

    Batch selection(int i) {
        return selections[ports[i].number];
    }

    void tally(Count what) {
        tally[what.ordinal()]++;
    }

    /** Makes all empty again and adds what was tallied to two sets of counters. */
    void finish(Counters<Count> one, Counters<Count> two) {
        for (int i = 0; i < count; i++) {
            selection(i).clear();
            ports[i] = null;
        }
        count = 0;
        for (int i = 0; i < tally.length; i++) {
            if (tally[i] != 0) {
                one.add(Count.ALL[i], tally[i]);
                two.add(Count.ALL[i], tally[i]);
                tally[i] = 0;
            }
        }
    }
}
