/**
 * A running node as its operator sees it.
 */
@Export
@Version("0.1.0")
package tier6.api.node;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
