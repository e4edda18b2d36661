/**
 * How a device comes into a flock: invitations, the desk of the flock's owner, and the conversation of the two. What is said
 * is in {@code distribution/docs/join.md}.
 */
@Export
@Version("0.1.0")
package tier6.admission;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
