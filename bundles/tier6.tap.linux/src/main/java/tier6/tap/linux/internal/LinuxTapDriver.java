package tier6.tap.linux.internal;

import com.sun.jna.Platform;
import java.io.IOException;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import tier6.api.tap.Tap;
import tier6.api.tap.TapConfig;
import tier6.api.tap.TapDriver;

/** TAP devices of Linux by way of {@code /dev/net/tun}. */
@Component(property = "kind=linux", configurationPid = "tier6.tap.linux")
@Designate(ocd = LinuxTapDriver.Config.class)
public final class LinuxTapDriver implements TapDriver {
    private final Set<Offload> offloads;
    private final int queues;
    private final boolean realtime;

    /** Configuration of the PID {@code tier6.tap.linux}. */
    @ObjectClassDefinition(name = "TAP devices of Linux")
    @interface Config {
        @AttributeDefinition(description = "auto, off, or some of csum, tso4, tso6, ecn, uso4, uso6 with commas")
        String offload() default "auto";

        @AttributeDefinition(description = "queues, each with a thread that reads it")
        int queues() default 1;

        @AttributeDefinition(
                description = "whether threads that read come before ordinary processes, where there are rights for it")
        boolean realtime() default false;
    }

    /** Takes its configuration from Configuration Admin. */
    @Activate
    public LinuxTapDriver(Config config) {
        this(config.offload(), config.queues(), config.realtime());
    }

    /** Makes a driver that uses every offload there is, and is read by ordinary threads. */
    public LinuxTapDriver() {
        this("auto", 1, false);
    }

    /**
     * Makes a driver.
     *
     * @param offload {@code auto}, {@code off}, or names with commas
     * @param queues how many threads shall read
     * @param realtime whether they shall be real-time threads
     */
    public LinuxTapDriver(String offload, int queues, boolean realtime) {
        offloads = Offload.parse(offload);
        this.queues = Math.max(1, queues);
        this.realtime = realtime;
    }

    @Override
    public String kind() {
        return "linux";
    }

    @Override
    public Tap open(TapConfig config) throws IOException {
        if (!Platform.isLinux()) {
            throw new IOException("tier6.tap.linux drives TAP devices of Linux only; this is "
                    + System.getProperty("os.name") + ": install the driver of this system");
        }
        return LinuxTap.open(config, offloads, queues, realtime);
    }
}
