package tier6.tap.memory;

/** Numbers in network byte order, and the checksum of the Internet (RFC 1071). */
final class Words {
    private Words() {}

    static int u8(byte[] data, int at) {
        return data[at] & 0xff;
    }

    static int u16(byte[] data, int at) {
        return u8(data, at) << 8 | u8(data, at + 1);
    }

    static void put16(byte[] data, int at, int value) {
        data[at] = (byte) (value >> 8);
        data[at + 1] = (byte) value;
    }

    /** The sum of 16-bit words on top of {@code sum}; an odd last byte counts as the upper half of a word. */
    static long sum(long sum, byte[] data, int from, int length) {
        long total = sum;
        for (int i = 0; i + 1 < length; i += 2) {
            total += u16(data, from + i);
        }
        if (length % 2 != 0) {
            total += u8(data, from + length - 1) << 8;
        }
        return total;
    }

    /** The checksum that belongs to a sum. It is 0 for data that contain their own, right checksum. */
    static int checksum(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return (int) ~folded & 0xffff;
    }
}
