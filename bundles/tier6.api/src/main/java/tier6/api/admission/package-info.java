/**
 * Who may join a flock: invitations, and the devices that came by them. Offered by the node that keeps the flock.
 */
@Export
@Version("0.1.0")
package tier6.api.admission;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
