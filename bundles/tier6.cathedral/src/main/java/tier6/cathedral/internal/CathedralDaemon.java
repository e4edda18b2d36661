package tier6.cathedral.internal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import tier6.api.tap.Privileges;
import tier6.api.underlay.Underlay;
import tier6.cathedral.Cathedral;
import tier6.cathedral.CathedralConf;

/** The cathedral of the configuration file that the framework property {@value CathedralConf#PROPERTY} names, if it does. */
@Component(service = CathedralDaemon.class, immediate = true)
public final class CathedralDaemon {
    private static final Logger LOG = System.getLogger("tier6.cathedral");

    private final Cathedral cathedral;

    /**
     * Opens the sockets, then gives up the rights that this took.
     *
     * @param privileges null on systems where nothing can be given up
     */
    @Activate
    public CathedralDaemon(
            BundleContext context,
            @Reference(name = "underlay") Underlay underlay,
            @Reference(name = "privileges", cardinality = ReferenceCardinality.OPTIONAL) Privileges privileges)
            throws IOException, CathedralConf.Faulty {
        String file = context.getProperty(CathedralConf.PROPERTY);
        if (file == null) {
            cathedral = null;
            return;
        }
        CathedralConf conf = CathedralConf.read(Path.of(file));
        cathedral = Cathedral.start(conf, underlay);
        if (conf.user().isPresent()) {
            become(conf.user().get(), privileges);
        }
    }

    private void become(String user, Privileges privileges) throws IOException {
        if (privileges == null) {
            LOG.log(Level.WARNING, "this system has no way to become {0}; running as who started it", user);
            return;
        }
        try {
            privileges.drop(user);
        } catch (IOException e) {
            cathedral.close();
            throw e;
        }
    }

    @Deactivate
    void stop() {
        if (cathedral != null) {
            cathedral.close();
        }
    }
}
