/**
 * A TAP without a kernel, and a small host behind it: for tests, for demonstrations, for machines without rights.
 */
@Export
@Version("0.1.0")
package tier6.tap.memory;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
