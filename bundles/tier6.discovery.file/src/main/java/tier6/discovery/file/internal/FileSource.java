package tier6.discovery.file.internal;

import java.nio.file.Path;
import java.time.Duration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import tier6.api.discovery.PeerSource;

/** Announces the peers in a file, and follows it as it changes. */
@Component(
        service = PeerSource.class,
        configurationPid = "tier6.discovery.file",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class FileSource extends Inquiry {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** Factory PID {@code tier6.discovery.file}. */
    @interface Config {
        String flock() default "0";

        String kek_id() default "";

        String file() default "";
    }

    @Activate
    public FileSource(Config config) {
        this(
                Settings.flock("tier6.discovery.file", config.flock()),
                config.kek_id().isBlank() ? 0 : Settings.device("tier6.discovery.file", config.kek_id()),
                Path.of(Settings.required("tier6.discovery.file", "file", config.file())));
    }

    FileSource(long flock, int self, Path file) {
        super("file", new PeerFile(flock, self, file), INTERVAL);
    }
}
