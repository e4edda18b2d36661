package tier6.swap;

import java.io.IOException;
import java.lang.module.ModuleDescriptor.Version;
import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * Somebody who can have a role. Two that stand for the same are equal. One thread at a time.
 *
 * @param <S> what it is when it works
 */
@ConsumerType
public interface Backend<S> {
    /** A service; had by {@code context}. */
    static <S> Backend<S> of(BundleContext context, ServiceReference<S> reference) {
        return new ServiceBackend<>(context, reference);
    }

    /** What it is, such as {@code linux}: the service property {@code kind}, or the name of the bundle. */
    String kind();

    /** Symbolic name of its bundle. */
    String bundle();

    /** Version of its bundle. */
    String version();

    /** Its bundle and the version of that, for people. */
    default String label() {
        return bundle() + " " + version();
    }

    /** Number of its bundle. */
    long bundleId();

    /** Which one of its bundle it is: the PID of its configuration or the name of its component; empty if neither is known. */
    default String instance() {
        return "";
    }

    /** Whether it comes from a newer version of the bundle that the other one comes from. */
    default boolean isNewerThan(Backend<?> other) {
        try {
            return bundle().equals(other.bundle())
                    && Version.parse(version()).compareTo(Version.parse(other.version())) > 0;
        } catch (IllegalArgumentException e) {
            return false; // what is no version is not newer than another
        }
    }

    /** The higher the better. */
    int ranking();

    /** The lower the earlier it came. */
    long order();

    /** Whether a filter (OSGi core, 3.2.7) admits it. */
    boolean matches(String filter);

    /**
     * Has it ready for work.
     *
     * @param lasting whether it shall be able to work on when its bundle has gone
     * @throws IOException with a sentence for people if it cannot be had
     */
    S get(boolean lasting) throws IOException;

    /** Says that it works no longer. */
    void release();

    /** Whether its bundle was updated since, and ought to run: then a new version of this should come. */
    boolean isUpdated();
}
