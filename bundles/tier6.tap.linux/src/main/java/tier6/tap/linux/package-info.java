/**
 * TAP devices of Linux. This bundle exports nothing: it offers {@link tier6.api.tap.TapDriver} and {@link
 * tier6.api.tap.Privileges} as services, on Linux only.
 */
@Requirement(namespace = "osgi.native", filter = "(osgi.native.osname~=linux)")
package tier6.tap.linux;

import org.osgi.annotation.bundle.Requirement;
