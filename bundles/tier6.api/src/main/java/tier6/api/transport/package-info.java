/**
 * Transports: encrypted links to peers.
 */
@Export
@Version("0.1.0")
package tier6.api.transport;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
