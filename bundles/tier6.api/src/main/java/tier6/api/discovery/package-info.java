/**
 * Discovery sources: where knowledge about peers comes from.
 */
@Export
@Version("0.1.0")
package tier6.api.discovery;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
