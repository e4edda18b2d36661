/**
 * What moves on the data path: {@link tier6.api.frame.Batch batches} of Ethernet frames or UDP datagrams, and the
 * few words of Ethernet that everybody needs.
 */
@Export
@Version("0.1.0")
package tier6.api.frame;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
