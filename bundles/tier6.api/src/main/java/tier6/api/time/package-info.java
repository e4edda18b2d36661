/**
 * What time it is.
 */
@Export
@Version("0.1.0")
package tier6.api.time;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
