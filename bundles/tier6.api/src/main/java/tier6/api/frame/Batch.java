package tier6.api.frame;

import java.util.Arrays;

/**
 * Many byte strings, Ethernet frames or UDP datagrams, in one array: the unit in which data moves between a TAP, the
 * switch, the links and the underlay.
 *
 * <p>A batch is made once, filled, handed down the line, cleared and filled again; it allocates nothing after its
 * construction. It belongs to one thread, its <em>lane</em>: whoever is handed a batch may use it until the call
 * returns and must not keep it. What a consumer needs for each data path thread (a cipher, a native buffer, scratch
 * space) it keeps in an array indexed by {@link #lane()}, so that nothing on the path of a frame is shared or locked.
 *
 * <p>After each element there are {@value #TAILROOM} bytes that belong to nobody. A consumer may scribble there, for
 * instance to append a trailer before encryption. It must not change the element itself: other consumers of a flooded
 * frame see the same bytes.
 */
public final class Batch {
    /** The lane of control threads: timers and handshakes. Data path threads count from 1. */
    public static final int CONTROL_LANE = 0;

    /** Lanes are numbers below this bound. */
    public static final int MAX_LANES = 16;

    /** The lane of the frames that the switch itself sends; no other thread uses it. */
    public static final int SWITCH_LANE = MAX_LANES - 1;

    /** The lane of a bundle that lets a frame enter the switch now and then; whoever uses it does so under its own lock. */
    public static final int SERVICE_LANE = MAX_LANES - 2;

    /** Bytes after each element that a consumer may overwrite. */
    public static final int TAILROOM = 32;

    private final int lane;
    private byte[] data;
    private final int[] offset;
    private final int[] length;
    private int count;
    private int used;

    /**
     * Makes an empty batch with an array of its own.
     *
     * @param lane the thread that will use it, 0 to {@link #MAX_LANES} - 1
     * @param maxCount the most elements it holds
     * @param capacity bytes for all elements together, each with its {@link #TAILROOM}
     */
    public Batch(int lane, int maxCount, int capacity) {
        this(lane, maxCount, new byte[capacity]);
    }

    private Batch(int lane, int maxCount, byte[] data) {
        if (lane < 0 || lane >= MAX_LANES) {
            throw new IllegalArgumentException("lane " + lane + " is not in 0.." + (MAX_LANES - 1));
        }
        this.lane = lane;
        this.data = data;
        this.offset = new int[maxCount];
        this.length = new int[maxCount];
    }

    /**
     * Makes a batch without an array, to be used as a selection from others: see {@link #select}.
     *
     * @param lane the thread that will use it
     * @param maxCount the most elements it holds
     */
    public static Batch selection(int lane, int maxCount) {
        return new Batch(lane, maxCount, new byte[0]);
    }

    /** The data path thread that this batch belongs to. */
    public int lane() {
        return lane;
    }

    /** The array in which all elements lie. */
    public byte[] data() {
        return data;
    }

    /** Number of elements. */
    public int count() {
        return count;
    }

    /** Whether there is no element. */
    public boolean isEmpty() {
        return count == 0;
    }

    /** The most elements it holds. */
    public int maxCount() {
        return offset.length;
    }

    /** Where element {@code i} begins in {@link #data()}. */
    public int offset(int i) {
        return offset[i];
    }

    /** Bytes of element {@code i}. */
    public int length(int i) {
        return length[i];
    }

    /** Bytes of all elements together. */
    public long bytes() {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += length[i];
        }
        return sum;
    }

    /** Forgets all elements; the bytes stay where they are. */
    public void clear() {
        count = 0;
        used = 0;
    }

    /** Whether another element of {@code size} bytes, with its tailroom, fits. */
    public boolean fits(int size) {
        return count < offset.length && used + size + TAILROOM <= data.length;
    }

    /**
     * Where the next element would begin: a producer that does not know the size yet writes here, at most {@link
     * #room()} bytes, and then calls {@link #append(int)}.
     */
    public int position() {
        return used;
    }

    /** The largest size that {@link #append(int)} would take now; 0 if full. */
    public int room() {
        return count < offset.length ? Math.max(0, data.length - used - TAILROOM) : 0;
    }

    /**
     * Makes the {@code size} bytes at {@link #position()} the next element.
     *
     * @return where it begins
     * @throws IndexOutOfBoundsException if it does not fit
     */
    public int append(int size) {
        if (size < 0 || !fits(size)) {
            throw new IndexOutOfBoundsException(size + " bytes do not fit behind " + count + " elements");
        }
        int at = used;
        offset[count] = at;
        length[count++] = size;
        used = at + size + TAILROOM;
        return at;
    }

    /** Copies {@code size} bytes in as the next element. */
    public void append(byte[] source, int from, int size) {
        System.arraycopy(source, from, data, append(size), size);
    }

    /**
     * Empties this batch and lets it share the array of {@code source}: {@link #select(int, int)} then picks elements
     * without copying them. Only for batches made by {@link #selection}.
     */
    public void selectFrom(Batch source) {
        clear();
        data = source.data;
    }

    /** Adds the {@code size} bytes at {@code from} of the shared array as the next element. */
    public void select(int from, int size) {
        offset[count] = from;
        length[count++] = size;
    }

    /** Copies element {@code i} out. For control traffic and tests: it allocates. */
    public byte[] copy(int i) {
        return Arrays.copyOfRange(data, offset[i], offset[i] + length[i]);
    }
}
