/**
 * Help for plug-ins that must let go of something while others use it.
 */
@Export
@Version("0.1.0")
package tier6.api.lifecycle;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
