/**
 * Datagrams with the batching of Linux. This bundle exports nothing: it offers {@link tier6.api.underlay.Underlay} as a
 * service, on Linux only.
 */
@Requirement(namespace = "osgi.native", filter = "(osgi.native.osname~=linux)")
package tier6.underlay.linux;

import org.osgi.annotation.bundle.Requirement;
