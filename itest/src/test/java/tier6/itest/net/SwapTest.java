package tier6.itest.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything that a node consists of is swapped while datagrams and a TCP transfer run through it, on real interfaces,
 * long after it gave up its rights. What each swap lost is printed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SwapTest {
    /** What a swap of the TAP driver may lose: a batch each way has no more at this rate. */
    private static final int MOST = 20;

    private static final String PLUGIN = "tap.jar";

    /** One that is unpacked by root, since it is there from the start. */
    private static final String EARLY_PLUGIN = "early.jar";

    private SwapLab lab;
    private List<String> addresses;
    private int carrierChanges;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        lab = new SwapLab(directory);
        lab.drop(lab.jar("tier6.tap.linux", "0.0.9"), EARLY_PLUGIN);
        lab.start();
        addresses = lab.addressesAndRoutes();
        carrierChanges = lab.carrierChanges();
    }

    @AfterAll
    void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    private SwapLab.Losses swap(String what, SwapLab.Action action) throws Exception {
        SwapLab.Losses losses = lab.during(action);
        System.out.println("swap " + what + ": " + losses);
        return losses;
    }

    private void assertInterfaceAsBefore() {
        assertEquals(carrierChanges, lab.carrierChanges(), "changes of carrier");
        assertEquals(addresses, lab.addressesAndRoutes());
    }

    @Test
    @Order(1)
    void aTapDriverIsUpdated() throws Exception {
        SwapLab.Losses losses = swap("tap, felix:update", () -> {
            lab.update("tier6.tap.linux", "0.1.1");
            lab.awaitServing("tap", "tier6.tap.linux 0.1.1");
        });
        assertTrue(losses.worst() <= MOST, losses.toString());
        assertInterfaceAsBefore();
    }

    @Test
    @Order(2)
    void aTapDriverIsUpdatedByCopyingAJarIntoPlugins() throws Exception {
        SwapLab.Losses dropped = swap("tap, newer jar into plugins/", () -> {
            lab.drop(lab.jar("tier6.tap.linux", "0.1.2"), PLUGIN);
            lab.awaitServing("tap", "tier6.tap.linux 0.1.2");
        });
        SwapLab.Losses overwritten = swap("tap, jar in plugins/ overwritten", () -> {
            lab.drop(lab.jar("tier6.tap.linux", "0.1.3"), PLUGIN);
            lab.awaitServing("tap", "tier6.tap.linux 0.1.3");
        });
        assertTrue(dropped.worst() <= MOST, dropped.toString());
        assertTrue(overwritten.worst() <= MOST, overwritten.toString());
        assertInterfaceAsBefore();
    }

    @Test
    @Order(3)
    void aTapDriverThatRootFoundInPluginsIsUpdatedByWhoRunsTheNodeNow() throws Exception {
        SwapLab.Losses losses = swap("tap, jar in plugins/ since the start overwritten", () -> {
            lab.drop(lab.jar("tier6.tap.linux", "0.1.5"), EARLY_PLUGIN);
            lab.awaitServing("tap", "tier6.tap.linux 0.1.5");
        });
        assertTrue(losses.worst() <= MOST, losses.toString());
        assertInterfaceAsBefore();
        Files.delete(lab.plugins().resolve(EARLY_PLUGIN));
        lab.awaitServing("tap", "tier6.tap.linux 0.1.3");
    }

    @Test
    @Order(4)
    void anUpdateThatDoesNotStartLeavesTheOldDriverInPlace() throws Exception {
        Path broken = Jars.with(
                Jars.shipped("tier6.tap.linux"),
                Map.of("Bundle-Version", "0.1.4", "Import-Package", "no.such.thing"),
                lab.plugins().resolveSibling("broken.jar"));
        SwapLab.Losses losses = swap("tap, an update that does not start", () -> {
            lab.drop(broken, PLUGIN);
            lab.mesh().await("the broken one to be there", 20, () -> swapSays("tier6.tap.linux 0.1.4 does not run"));
        });
        assertTrue(losses.worst() <= MOST, losses.toString());
        assertInterfaceAsBefore();
        Files.delete(lab.plugins().resolve(PLUGIN));
        lab.awaitServing("tap", "tier6.tap.linux 0.1.0");
        assertInterfaceAsBefore();
    }

    private boolean swapSays(String part) {
        try {
            return lab.shell().tier6("swap").replaceAll("\\s+", " ").contains(part);
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    @Order(5)
    void anotherKindOfDriverTakesOverAndGivesBack() throws Exception {
        lab.shell().tier6("swap", "tap", "memory");
        assertTrue(lab.shell().serving("tap").startsWith("memory"), lab.shell().tier6("swap"));
        assertInterfaceAsBefore();
        swap("tap, back to linux", () -> lab.shell().tier6("swap", "tap", "back"));
        assertTrue(lab.shell().serving("tap").startsWith("linux"), lab.shell().tier6("swap"));
        assertInterfaceAsBefore();
    }

    @Test
    @Order(6)
    void aSourceIsUpdatedAndNothingIsLost() throws Exception {
        SwapLab.Losses losses = swap("discovery, felix:update", () -> lab.update("tier6.discovery.cathedral", "0.1.1"));
        assertEquals(0, losses.worst(), losses.toString());
        SwapLab.Losses gone = swap("discovery, felix:stop and felix:start", () -> {
            lab.shell().line("felix:stop " + lab.shell().bundle("tier6.discovery.cathedral"));
            Thread.sleep(1_000);
            lab.shell().line("felix:start " + lab.shell().bundle("tier6.discovery.cathedral"));
        });
        assertEquals(0, gone.worst(), gone.toString());
    }

    @Test
    @Order(7)
    void aSwitchIsUpdatedAndKnowsTheAddresses() throws Exception {
        SwapLab.Losses losses = swap("switch, felix:update", () -> {
            lab.update("tier6.vswitch", "0.1.1");
            lab.awaitServing("switch", "tier6.vswitch 0.1.1");
        });
        assertTrue(losses.worst() <= MOST, losses.toString());
        assertTrue(lab.shell().tier6("macs").contains("06:02:0a:00:00:02"));
        String counters = lab.shell().tier6("counters", "--json");
        assertTrue(counters.contains("switch"), counters);
    }

    @Test
    @Order(8)
    void theUnderlayIsSwappedAndSwappedBack() throws Exception {
        SwapLab.Losses away =
                swap("underlay, tier6:swap underlay nio", () -> lab.shell().tier6("swap", "underlay", "nio"));
        SwapLab.Losses back =
                swap("underlay, tier6:swap underlay back", () -> lab.shell().tier6("swap", "underlay", "back"));
        SwapLab.Losses configured = swap("underlay, felix:update", () -> {
            lab.update("tier6.underlay.linux", "0.1.1");
            lab.awaitServing("underlay", "tier6.underlay.linux 0.1.1");
        });
        for (SwapLab.Losses losses : List.of(away, back, configured)) {
            assertTrue(losses.worst() <= SwapLab.RATE / 2, losses.toString());
        }
        assertTrue(!lab.log().contains("tunnel down"), "sessions are kept");
    }

    @Test
    @Order(9)
    void optionalBundlesGoAndComeAndNothingIsLost() throws Exception {
        SwapLab.Losses losses = swap("optional bundles, each away and back", () -> {
            for (String bundle : SwapBench.OPTIONAL) {
                lab.replace(bundle, "0.1.1");
            }
            lab.update("tier6.control", "0.1.1"); // who cannot be stopped by itself
        });
        assertEquals(0, losses.worst(), losses.toString());
    }

    @Test
    @Order(10)
    void theTransportIsUpdatedAndTheMeshConnectsAgain() throws Exception {
        swap("transport, felix:update", () -> {
            lab.update("tier6.transport.sanctum", "0.1.1");
            lab.awaitServing("transport", "tier6.transport.sanctum 0.1.1");
        });
        SwapLab.Losses after = swap("transport, the second after that", () -> Thread.sleep(1_000));
        assertEquals(0, after.worst(), after.toString());
        assertInterfaceAsBefore();
    }

    @Test
    @Order(11)
    void theTransferWasWholeAllTheTime() throws Exception {
        for (int n = 1; n <= 2; n++) {
            List<String> ends = lab.endTransfer(n);
            System.out.println("swap transfer from node " + n + ": " + ends.get(0));
            assertEquals(ends.get(0), ends.get(1));
        }
    }
}
