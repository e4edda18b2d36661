package tier6.cathedral.internal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import tier6.api.lifecycle.Opening;
import tier6.api.underlay.Underlay;
import tier6.cathedral.Cathedral;
import tier6.cathedral.CathedralConf;
import tier6.cathedral.Disguise;

/** A cathedral for each factory configuration. Other sockets or files are another cathedral: it starts anew. */
@Component(
        service = CathedralComponent.class,
        immediate = true,
        configurationPid = "tier6.cathedral",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class CathedralComponent {
    @interface Config {
        String instance() default "cathedral";

        String local();

        int nat_port() default 0;

        String cathedral_ip() default "";

        String secretdir();

        String settings();

        String secret() default "";

        boolean p2p_sync() default false;

        boolean shroud() default false;

        boolean tfc() default false;

        int mtu() default 1422;
    }

    private static final Logger LOG = System.getLogger("tier6.cathedral");
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final Opening<Cathedral> cathedral;

    @Activate
    public CathedralComponent(@Reference(name = "underlay") Underlay underlay, Config config) throws IOException {
        InetSocketAddress local = CathedralConf.address("local", config.local());
        CathedralConf conf = new CathedralConf(
                config.instance(),
                local,
                config.nat_port(),
                config.cathedral_ip().isBlank() ? local : CathedralConf.address("cathedral.ip", config.cathedral_ip()),
                config.secret().isBlank() ? null : Path.of(config.secret()),
                Path.of(config.secretdir()),
                Path.of(config.settings()),
                config.p2p_sync(),
                new Disguise(config.shroud(), config.tfc(), config.mtu()),
                null);
        cathedral = new Opening<>(
                "tier6-cathedral-again",
                AGAIN,
                () -> Cathedral.start(conf, underlay),
                e -> LOG.log(Level.ERROR, "no cathedral now: {0}; tried again until it works", e.getMessage()));
    }

    @Deactivate
    void stop() throws IOException {
        cathedral.close();
    }
}
