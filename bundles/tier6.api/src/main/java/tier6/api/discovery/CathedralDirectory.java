package tier6.api.discovery;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Registered by a source that uses cathedrals, so that people can see which. */
@ConsumerType
public interface CathedralDirectory {
    /** The cathedrals known now, the one in use first. Any thread. */
    List<CathedralStatus> cathedrals();
}
