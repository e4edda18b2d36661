package tier6.names.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The frames byte by byte; what kernels do with them is in the tests of the whole. */
class AddressProbeTest {
    private static final long FROM = 0x0a01_0a00_0001L, OTHER = 0x0605_0a00_0005L;
    private static final byte[] FOUR = {100, 64, 1, 5};

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }

    private static long claimant(byte[] frame, byte[]... addresses) {
        return AddressProbe.claimant(frame, 0, frame.length, addresses);
    }

    @Test
    void asksByArpWithoutClaimingTheAddress() throws Exception {
        byte[] frame = AddressProbe.question(InetAddress.getByAddress(FOUR), FROM);
        assertArrayEquals(hex("""
                ffffffffffff 0a010a000001 0806  0001 0800 06 04 0001
                0a010a000001 00000000  000000000000 64400105
                """ + "00".repeat(18)), frame);
        assertEquals(0, claimant(frame, FOUR));
    }

    @Test
    void asksByASolicitationThatKernelsTake() throws Exception {
        InetAddress six = InetAddress.getByName("fd00::4:5ff:fe06:708");
        byte[] frame = AddressProbe.question(six, FROM);
        assertArrayEquals(hex("""
                3333ff060708 0a010a000001 86dd  60000000 0018 3a ff
                00000000000000000000000000000000 ff0200000000000000000001ff060708
                87 00 fa8e 00000000 fd00000000000000000405fffe060708
                """), zeroChecksum(frame));
        assertEquals(0xffff, sum(frame), "the sum over it all, its own complement in it");
    }

    /** The checksum is proven by the sum. */
    private static byte[] zeroChecksum(byte[] frame) {
        byte[] copy = frame.clone();
        copy[56] = (byte) 0xfa;
        copy[57] = (byte) 0x8e;
        return copy;
    }

    private static int sum(byte[] frame) {
        int sum = 24 + 58;
        for (int i = 22; i < frame.length; i += 2) {
            sum += (frame[i] & 0xff) << 8 | frame[i + 1] & 0xff;
        }
        return (sum & 0xffff) + (sum >>> 16);
    }

    @Test
    void seesWhoClaimsAnAddress() throws Exception {
        byte[] claim = AddressProbe.announcement(InetAddress.getByAddress(FOUR), OTHER, FROM);
        assertEquals(OTHER, claimant(claim, new byte[] {1, 2, 3, 4}, FOUR));
        assertArrayEquals(FOUR, AddressProbe.claimed(claim));
        assertEquals(0, claimant(claim, new byte[] {100, 64, 1, 6}));
        for (int length = 0; length < 42; length++) {
            assertEquals(0, claimant(Arrays.copyOf(claim, length), FOUR));
        }
        byte[] six = InetAddress.getByName("fd00::5").getAddress();
        byte[] advertisement = hex("""
                333300000001 06050a000005 86dd  60000000 0020 3a ff
                fd000000000000000000000000000005 ff020000000000000000000000000001
                88 00 0000 20000000 fd000000000000000000000000000005 02 01 06050a000005
                """);
        assertEquals(OTHER, claimant(advertisement, six));
        assertArrayEquals(six, AddressProbe.claimed(advertisement));
        advertisement[21] = 64;
        assertEquals(0, claimant(advertisement, six), "it came from beyond a router");
    }
}
