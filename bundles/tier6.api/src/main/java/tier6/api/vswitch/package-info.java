/**
 * The soft-switch that joins the TAP and the links.
 */
@Export
@Version("0.1.0")
package tier6.api.vswitch;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
