package tier6.underlay.nio.internal;

import java.io.IOException;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.propertytypes.ServiceRanking;
import tier6.api.underlay.Underlay;
import tier6.api.underlay.UnderlayLoop;

/** UDP by the means of the JDK alone. One system call a datagram, so whatever a platform offers ranks above it. */
@Component(property = "kind=nio")
@ServiceRanking(-100)
public final class NioUnderlay implements Underlay {
    @Override
    public String kind() {
        return "nio";
    }

    @Override
    public UnderlayLoop open() throws IOException {
        return new NioLoop();
    }
}
