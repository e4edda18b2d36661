package tier6.itest.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.Arrays;
import java.util.List;
import javax.inject.Inject;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/** What the distribution ships, in Felix. */
@InFelix
class BundlesTest {
    @Inject
    private BundleContext context;

    @Test
    void everyBundleStarts() {
        boolean linux = System.getProperty("os.name").equals("Linux");
        List<String> idle = Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null)
                .filter(bundle -> bundle.getState() != Bundle.ACTIVE)
                .map(Bundle::getSymbolicName)
                .filter(name -> linux || !name.endsWith(".linux"))
                .toList();
        assertEquals(List.of(), idle);
    }

    @Test
    void theSoftSwitchTheUnderlaysAndTheDriversAreThere() throws Exception {
        for (String filter : List.of(
                "(&(objectClass=tier6.api.tap.TapDriver)(kind=memory))",
                "(&(objectClass=tier6.api.underlay.Underlay)(kind=nio))",
                "(objectClass=tier6.api.event.Events)",
                "(&(osgi.command.scope=tier6)(osgi.command.function=status))")) {
            assertNotNull(context.getAllServiceReferences(null, filter), filter);
        }
    }

    @Test
    void nothingIsExportedThatIsInternal() {
        for (Bundle bundle : context.getBundles()) {
            String exports = bundle.getHeaders().get(Constants.EXPORT_PACKAGE);
            if (bundle.getSymbolicName().startsWith("tier6.") && exports != null) {
                assertEquals(-1, exports.indexOf(".internal"), bundle.getSymbolicName() + " exports " + exports);
            }
        }
    }
}
