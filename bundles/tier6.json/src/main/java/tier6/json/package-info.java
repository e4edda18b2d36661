/**
 * What a node says, as JSON: one writer for the shell and for HTTP.
 */
@Export
@Version("0.1.0")
package tier6.json;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
