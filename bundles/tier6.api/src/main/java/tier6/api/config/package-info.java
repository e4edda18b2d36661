/**
 * Help for plug-ins that read their configuration.
 */
@Export
@Version("0.1.0")
package tier6.api.config;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
