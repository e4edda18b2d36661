package tier6.discovery.file.internal;

import java.nio.file.Path;
import java.time.Duration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import tier6.api.discovery.PeerSource;

/** Announces the peers that the name service has below a domain. */
@Component(
        service = PeerSource.class,
        configurationPid = "tier6.discovery.dns",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class DnsSource extends Inquiry {
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    /** Factory PID {@code tier6.discovery.dns}. */
    @interface Config {
        String flock() default "0";

        String kek_id() default "";

        String domain() default "";

        String secrets() default "";

        String server() default "";
    }

    private static final String PID = "tier6.discovery.dns";

    @Activate
    public DnsSource(Config config) {
        this(new PeerZone(
                Settings.flock(PID, config.flock()),
                Settings.device(PID, config.kek_id()),
                Settings.required(PID, "domain", config.domain()),
                Path.of(Settings.required(PID, "secrets", config.secrets())),
                new NameService(config.server().strip())));
    }

    DnsSource(Origin zone) {
        super("dns", zone, INTERVAL);
    }
}
