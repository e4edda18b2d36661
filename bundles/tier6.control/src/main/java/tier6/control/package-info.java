/** The control socket as both of its ends need to know it: where it is, what is said over it, and the client. */
@Export
@Version("0.1.0")
package tier6.control;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
