/**
 * Datagram I/O: how sealed datagrams enter and leave the network below.
 */
@Export
@Version("0.1.0")
package tier6.api.underlay;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
