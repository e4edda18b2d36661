package tier6.diagnosis.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {
    private static final String MACS = "060200000000" + "060100000000";
    private static final String ARP_WHO_HAS = "ffffffffffff" + "060100000000" + "0806" + "0001080006040001"
            + "060100000000" + "0a060001" + "000000000000" + "0a060002";
    private static final String PING =
            MACS + "0800" + "4500001c00004000" + "4001" + "0000" + "0a060001" + "0a060002" + "08000000";
    private static final String TAGGED_PING = MACS + "81000007" + PING.substring(MACS.length());
    private static final String UDP6 = MACS + "86dd" + "6000000000081140" + "fd060000000000000000000000000001"
            + "fd060000000000000000000000000002" + "0000000000080000";

    private static boolean wants(String expression, String frame) {
        byte[] bytes = HexFormat.of().parseHex("abcd" + frame + "cdef");
        return Filter.parse(expression).wants(bytes, 2, bytes.length - 4);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                    | yes | yes | yes | yes
            arp                                   | yes | no  | no  | no
            ip                                    | no  | yes | yes | no
            ip6                                   | no  | no  | no  | yes
            icmp                                  | no  | yes | yes | no
            udp                                   | no  | no  | no  | yes
            tcp                                   | no  | no  | no  | no
            vlan                                  | no  | no  | yes | no
            broadcast                             | yes | no  | no  | no
            multicast and not broadcast           | no  | no  | no  | no
            host 10.6.0.2                         | yes | yes | yes | no
            10.6.0.1                              | yes | yes | yes | no
            host 10.6.0.3                         | no  | no  | no  | no
            host fd06::2                          | no  | no  | no  | yes
            ether host 06:02:00:00:00:00          | no  | yes | yes | yes
            06:01:00:00:00:00                     | yes | yes | yes | yes
            ether proto 0x0806 or ether proto 86dd| yes | no  | no  | yes
            not (arp or ip6)                      | no  | yes | yes | no
            arp or ip and vlan                    | yes | no  | yes | no
            NOT Vlan AND icmp                     | no  | yes | no  | no
            """)
    void wantsWhatItSays(String expression, String arp, String ping, String tagged, String udp6) {
        assertEquals(arp.equals("yes"), wants(expression, ARP_WHO_HAS), "arp");
        assertEquals(ping.equals("yes"), wants(expression, PING), "ping");
        assertEquals(tagged.equals("yes"), wants(expression, TAGGED_PING), "tagged ping");
        assertEquals(udp6.equals("yes"), wants(expression, UDP6), "udp6");
    }

    /** Frames may end anywhere after their header. */
    @Test
    void readsNothingBeyondTheEnd() {
        for (String frame : new String[] {ARP_WHO_HAS, PING, TAGGED_PING, UDP6}) {
            byte[] whole = HexFormat.of().parseHex(frame);
            for (String expression : new String[] {"host 10.6.0.2", "host fd06::2", "icmp", "tcp or udp", "vlan"}) {
                for (int length = 14; length <= whole.length; length++) {
                    byte[] cut = Arrays.copyOf(whole, length);
                    Filter.parse(expression).wants(cut, 0, length);
                }
                assertEquals(
                        wants(expression, frame), Filter.parse(expression).wants(whole, 0, whole.length), expression);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "everything",
                "host",
                "host here",
                "host 300.1.1.1",
                "ether",
                "ether host 1",
                "ether proto xyz",
                "( arp",
                "arp )",
                "arp ip",
                "not",
                "arp and",
                "and"
            })
    void saysWhatItDoesNotUnderstand(String expression) {
        String message = assertThrows(IllegalArgumentException.class, () -> Filter.parse(expression))
                .getMessage();
        assertTrue(message.startsWith("filter \"" + expression + "\": "), message);
    }
}
