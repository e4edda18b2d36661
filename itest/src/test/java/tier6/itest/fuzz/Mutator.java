package tier6.itest.fuzz;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes inputs: noise now and then, and otherwise a good input to which something happened. It works in one array, so that
 * most of the time is the decoder's.
 */
final class Mutator {
    private static final int[] ODD_BYTES = {0, 1, 2, 4, 6, 7, 0x0a, 0x20, 0x2f, 0x7f, 0x80, 0xfe, 0xff};
    private static final long[] ODD_NUMBERS = {
        0,
        1,
        2,
        3,
        7,
        8,
        15,
        16,
        31,
        32,
        48,
        49,
        50,
        51,
        63,
        64,
        65,
        127,
        128,
        254,
        255,
        256,
        257,
        511,
        512,
        622,
        623,
        624,
        1023,
        1024,
        1500,
        0x7fff,
        0x8000,
        0xfffe,
        0xffff,
        0x10000,
        0x7fff_ffff,
        0x8000_0000L,
        0xffff_ffffL,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -1,
        -2
    };

    private final SplittableRandom dice;
    private final List<byte[]> seeds;
    private final byte[] input;
    private final byte[] scratch;
    private int length;

    Mutator(Target target, long seed) {
        dice = new SplittableRandom(seed);
        seeds = target.seeds();
        input = new byte[target.longest()];
        scratch = new byte[target.longest()];
    }

    byte[] input() {
        return input;
    }

    int length() {
        return length;
    }

    /** Makes the next input. */
    void next() {
        if (seeds.isEmpty() || dice.nextInt(16) == 0) {
            length = dice.nextInt(dice.nextBoolean() ? Math.min(64, input.length) + 1 : input.length + 1);
            noise(0, length);
            return;
        }
        byte[] seed = seeds.get(dice.nextInt(seeds.size()));
        length = Math.min(seed.length, input.length);
        System.arraycopy(seed, 0, input, 0, length);
        for (int changes = dice.nextInt(5); changes > 0; changes--) {
            change();
        }
    }

    private void change() {
        int at = length == 0 ? 0 : dice.nextBoolean() ? dice.nextInt(length) : dice.nextInt(Math.min(length, 64));
        switch (dice.nextInt(13)) {
            case 0, 1 -> put(at, input[at] ^ 1 << dice.nextInt(8));
            case 2 -> put(at, dice.nextInt());
            case 3 -> put(at, ODD_BYTES[dice.nextInt(ODD_BYTES.length)]);
            case 4, 5 -> number(at);
            case 6 -> length = dice.nextInt(length + 1);
            case 7 -> {
                int more = dice.nextInt(Math.min(64, input.length - length) + 1);
                noise(length, length + more);
                length += more;
            }
            case 8 -> remove(at, 1 + dice.nextInt(16));
            case 9 -> insert(at, at, 1 + dice.nextInt(32));
            case 10 -> insert(at, length == 0 ? 0 : dice.nextInt(length), 1 + dice.nextInt(64));
            case 11 -> stretch(at, 1 + dice.nextInt(4));
            default -> splice(at);
        }
    }

    private void put(int at, int value) {
        if (at < length) {
            input[at] = (byte) value;
        }
    }

    /** Writes a number that programmers forget, in one to eight bytes of either order. */
    private void number(int at) {
        long value = ODD_NUMBERS[dice.nextInt(ODD_NUMBERS.length)];
        int size = 1 << dice.nextInt(4);
        boolean big = dice.nextBoolean();
        for (int i = 0; i < size; i++) {
            put(at + i, (int) (value >>> Byte.SIZE * (big ? size - 1 - i : i)));
        }
    }

    private void remove(int at, int size) {
        int removed = Math.min(size, length - at);
        System.arraycopy(input, at + removed, input, at, length - at - removed);
        length -= removed;
    }

    /** Inserts a copy of what is somewhere else in the input: a line, a field, a fragment once more. */
    private void insert(int at, int from, int most) {
        int size = Math.min(most, Math.min(length - from, input.length - length));
        System.arraycopy(input, from, scratch, 0, size);
        System.arraycopy(input, at, input, at + size, length - at);
        System.arraycopy(scratch, 0, input, at, size);
        length += size;
    }

    /** Repeats a few bytes, now and then for as long as there is room: what takes more than linear time shows. */
    private void stretch(int at, int most) {
        int period = Math.min(most, length - at);
        int room = input.length - length;
        if (period == 0) {
            return;
        }
        int more = dice.nextInt((dice.nextInt(16) == 0 ? room : Math.min(room, 32)) + 1);
        System.arraycopy(input, at, input, at + more, length - at);
        for (int i = 0; i < more; i++) {
            input[at + i] = input[at + more + i % period];
        }
        length += more;
    }

    /** Overwrites with what is at some place in another seed. */
    private void splice(int at) {
        byte[] other = seeds.get(dice.nextInt(seeds.size()));
        if (other.length > 0) {
            int from = dice.nextBoolean() ? Math.min(at, other.length - 1) : dice.nextInt(other.length);
            int size = Math.min(1 + dice.nextInt(64), Math.min(other.length - from, input.length - at));
            System.arraycopy(other, from, input, at, size);
            length = Math.max(length, at + size);
        }
    }

    private void noise(int from, int to) {
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            long bits = dice.nextLong();
            for (int n = 0; n < Long.BYTES; n++) {
                input[i + n] = (byte) (bits >>> n * Byte.SIZE);
            }
        }
        for (; i < to; i++) {
            input[i] = (byte) dice.nextInt();
        }
    }
}
