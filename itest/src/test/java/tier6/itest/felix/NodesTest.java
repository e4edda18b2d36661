package tier6.itest.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import javax.inject.Inject;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** Two nodes that know each other by configuration, each with a TAP without a kernel: frames cross real UDP. */
@InFelix(nodes = 2)
class NodesTest {
    @Inject
    private BundleContext context;

    private StaticNode node(int self) {
        return new StaticNode(context, "nodes", self);
    }

    private void ping(String target) throws Exception {
        node(0).ping(target);
    }

    private String run(String command) throws Exception {
        return node(0).run(command);
    }

    @Test
    @Order(1)
    @InNode(0)
    void oneIsConfigured() throws Exception {
        node(0).start();
        node(0).host();
    }

    @Test
    @Order(2)
    @InNode(1)
    void theOtherIsConfiguredAndPings() throws Exception {
        node(1).start();
        ping("10.6.0.1");
        ping("fd06::1");
    }

    @Test
    @Order(3)
    @InNode(0)
    void theFirstPingsBack() throws Exception {
        ping("10.6.0.2");
        ping("fd06::2");
    }

    @Test
    @Order(4)
    @InNode(0)
    void theShellShowsIt() throws Exception {
        for (String command : new String[] {"status", "peers", "macs", "ports", "sources", "cathedrals", "counters"}) {
            String table = run("tier6:" + command);
            assertTrue(table.lines().allMatch(line -> line.length() <= 80), command + " in 80 columns:\n" + table);
            JsonElement json = JsonParser.parseString(run("tier6:" + command + " --json"));
            assertTrue(json.isJsonObject() || json.isJsonArray(), command);
            assertTrue(run("tier6:" + command + " --help").contains(command), command);
        }
        assertTrue(run("tier6:macs").contains("06:02:00:00:00:00"));
    }

    @Test
    @Order(5)
    @InNode(0)
    void aPortThatTheSwitchLosesComesBackWithIt() throws Exception {
        Bundle vswitch = bundle("tier6.vswitch");
        vswitch.stop();
        vswitch.start();
        ping("10.6.0.2");
    }

    @Test
    @Order(6)
    @InNode(0)
    void theTransportComesBackAndConnectsAgain() throws Exception {
        Bundle transport = bundle("tier6.transport.sanctum");
        transport.stop();
        transport.start();
        ping("10.6.0.2");
    }

    @Test
    @Order(7)
    @InNode(0)
    void thePeerOutlivesItsSource() throws Exception {
        Bundle discovery = bundle("tier6.discovery.static");
        discovery.stop();
        ping("10.6.0.2");
        discovery.start();
        ping("10.6.0.2");
        assertEquals(
                1,
                JsonParser.parseString(run("tier6:sources --json"))
                        .getAsJsonArray()
                        .size());
    }

    private Bundle bundle(String name) {
        for (Bundle bundle : context.getBundles()) {
            if (bundle.getSymbolicName().equals(name)) {
                return bundle;
            }
        }
        throw new AssertionError("no bundle " + name);
    }
}
