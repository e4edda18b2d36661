/**
 * Who the other nodes are and how they can be reached.
 */
@Export
@Version("0.1.0")
package tier6.api.peer;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
