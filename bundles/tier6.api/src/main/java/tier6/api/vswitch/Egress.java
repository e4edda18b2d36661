package tier6.api.vswitch;

import org.osgi.annotation.versioning.ConsumerType;
import tier6.api.frame.Batch;

/** The far side of a port: where frames leave the switch. */
@FunctionalInterface
@ConsumerType
public interface Egress {
    /**
     * Takes frames, in order. Must not wait and must not change them: flooded frames go to other ports, too.
     *
     * @param frames valid until the call returns
     */
    void output(Batch frames);
}
