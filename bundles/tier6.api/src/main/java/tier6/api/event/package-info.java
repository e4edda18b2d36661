/**
 * What happens in a node, as values: for people and programs that watch.
 */
@Export
@Version("0.1.0")
package tier6.api.event;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
