package tier6.underlay.linux.internal;

import com.sun.jna.Platform;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import tier6.api.underlay.Underlay;
import tier6.api.underlay.UnderlayLoop;

/** UDP by epoll, sendmmsg and recvmmsg, with segmentation left to the system both ways. */
// Immediate: if the native part cannot be had, the service goes away before anybody prefers it.
@Component(property = "kind=linux", configurationPid = "tier6.underlay.linux", immediate = true)
@Designate(ocd = LinuxUnderlay.Config.class)
@ServiceRanking(100)
public final class LinuxUnderlay implements Underlay {
    private final boolean gso;
    private final boolean gro;
    private final boolean realtime;

    /** Configuration of the PID {@code tier6.underlay.linux}. */
    @ObjectClassDefinition(name = "Datagrams with the batching of Linux")
    @interface Config {
        @AttributeDefinition(description = "auto, off, or some of gso, gro with a comma")
        String offload() default "auto";

        @AttributeDefinition(
                description = "whether threads that poll come before ordinary processes, where there are rights for it")
        boolean realtime() default false;
    }

    /** Takes its configuration from Configuration Admin. */
    @Activate
    public LinuxUnderlay(Config config) {
        this(config.offload(), config.realtime());
    }

    /** Makes one that uses what the system has, and is polled by ordinary threads. */
    public LinuxUnderlay() {
        this("auto", false);
    }

    /**
     * Makes one.
     *
     * @param offload {@code auto}, {@code off}, or {@code gso}, {@code gro}
     * @param realtime whether the threads that poll shall be real-time threads
     * @throws UnsupportedOperationException on other systems
     */
    public LinuxUnderlay(String offload, boolean realtime) {
        if (!Platform.isLinux()) {
            throw new UnsupportedOperationException("tier6.underlay.linux is for Linux; this is "
                    + System.getProperty("os.name") + ": tier6.underlay.nio serves every system");
        }
        List<String> words = List.of(offload.trim().toLowerCase(Locale.ROOT).split("[\\s,]+"));
        if (!List.of("auto", "off", "gso", "gro", "").containsAll(words)) {
            throw new IllegalArgumentException("offload is auto, off, gso or gro, not " + offload);
        }
        boolean auto = words.contains("auto");
        gso = (auto || words.contains("gso")) && SelfTest.passes(true, false);
        gro = (auto || words.contains("gro")) && SelfTest.passes(false, true);
        this.realtime = realtime;
    }

    @Override
    public String kind() {
        return "linux";
    }

    @Override
    public UnderlayLoop open() throws IOException {
        return new LinuxLoop(gso, gro, realtime);
    }
}
