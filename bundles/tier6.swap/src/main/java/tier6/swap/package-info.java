/**
 * Roles in a node, and who has them. For bundles that have a role to give.
 */
@Export
@Version("0.1.0")
package tier6.swap;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
