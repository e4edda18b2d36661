/** What bundles need whose pages the HTTP server of the node shows. */
@Export
@Version("0.1.0")
package tier6.http;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
