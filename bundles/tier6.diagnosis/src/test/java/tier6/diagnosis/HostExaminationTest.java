package tier6.diagnosis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tier6.diagnosis.Finding.Weight;

/** Hosts that lack something, made of files. */
class HostExaminationTest {
    @TempDir
    Path root;

    private HostExamination host() {
        return new HostExamination(17, "Linux", root, Optional.of("t6tap"));
    }

    private static void assertFinding(String name, Weight weight, Finding finding) {
        assertEquals(name, finding.name());
        assertEquals(weight, finding.weight(), finding.text());
        boolean complete = !finding.why().isEmpty() && !finding.remedy().isEmpty();
        assertEquals(weight != Weight.GOOD, complete, finding.text());
    }

    @Test
    void oldJava() {
        assertFinding("java", Weight.BAD, new HostExamination(11, "Linux", root, Optional.empty()).java());
        assertFinding("java", Weight.GOOD, host().java());
    }

    @Test
    void noTunDevice() throws Exception {
        assertFinding("tun", Weight.BAD, host().tun());
        Files.createDirectories(root.resolve("dev/net/tun"));
        assertFinding("tun", Weight.BAD, host().tun());
        Files.delete(root.resolve("dev/net/tun"));
        Files.createFile(root.resolve("dev/net/tun"));
        assertFinding("tun", Weight.GOOD, host().tun());
    }

    @Test
    void noRights() throws Exception {
        Path status = Files.createDirectories(root.resolve("proc/self")).resolve("status");
        Files.writeString(status, "Name:\tjava\nCapInh:\t0000000000001000\nCapEff:\t0000000000000000\n");
        assertFinding("rights", Weight.BAD, host().rights());
        Files.createDirectories(root.resolve("sys/class/net/t6tap"));
        assertFinding("rights", Weight.GOOD, host().rights());
        Files.delete(root.resolve("sys/class/net/t6tap"));
        Files.writeString(status, "CapEff:\t0000000000001000\n");
        assertFinding("rights", Weight.GOOD, host().rights());
    }

    @Test
    void firewallsThatDrop() {
        assertFinding("firewall", Weight.NOTE, HostExamination.firewall("t6tap", null, null));
        assertFinding("firewall", Weight.GOOD, HostExamination.firewall("t6tap", "", "-P INPUT ACCEPT"));
        assertFinding("firewall", Weight.GOOD, HostExamination.firewall("t6tap", "iifname \"eth0\" drop", null));
        String nft = "table inet f {\n chain i {\n  type filter hook input priority 0; policy %s;\n  %s\n }\n}";
        assertFinding(
                "firewall",
                Weight.BAD,
                HostExamination.firewall("t6tap", nft.formatted("accept", "iifname \"t6tap\" udp dport 5 drop"), null));
        assertFinding("firewall", Weight.BAD, HostExamination.firewall("t6tap", null, "-A FORWARD -i t6tap -j REJECT"));
        assertFinding("firewall", Weight.NOTE, HostExamination.firewall("t6tap", nft.formatted("drop", ""), null));
        assertFinding("firewall", Weight.NOTE, HostExamination.firewall("t6tap", null, "-P INPUT DROP"));
        assertFinding(
                "firewall",
                Weight.GOOD,
                HostExamination.firewall("t6tap", nft.formatted("drop", "iifname \"t6tap\" accept"), null));
    }

    @Test
    void clockThatNobodyKeeps() {
        assertFinding("clock", Weight.NOTE, HostExamination.clock("no").orElseThrow());
        assertEquals(Optional.empty(), HostExamination.clock("yes"));
        assertEquals(Optional.empty(), HostExamination.clock(null));
    }

    @Test
    void everythingOfThisHost() {
        List<Finding> all = HostExamination.here(Optional.of("t6tap")).findings();
        assertEquals("java", all.get(0).name());
        assertTrue(all.stream().allMatch(finding -> finding.text().contains(finding.name())), all.toString());
    }
}
