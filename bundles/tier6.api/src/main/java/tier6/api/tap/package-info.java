/**
 * TAP drivers: how frames enter and leave the operating system.
 */
@Export
@Version("0.1.0")
package tier6.api.tap;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
