/** What {@code tier6 doctor} finds, and what it can find without a node. */
@Export
@Version("0.1.0")
package tier6.diagnosis;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
