/**
 * Counters that cost a data path next to nothing.
 */
@Export
@Version("0.1.0")
package tier6.api.counter;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
