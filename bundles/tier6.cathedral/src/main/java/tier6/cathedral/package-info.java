/**
 * The cathedral: where devices of a flock find each other, get their ambries and, as long as they cannot reach each other,
 * have their traffic relayed.
 */
@Export
@Version("0.1.0")
package tier6.cathedral;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
