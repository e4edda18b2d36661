/**
 * The C library of a 64-bit Linux, as far as the drivers need it: {@link tier6.libc.Libc} for what happens now and then,
 * {@link tier6.libc.Calls} for what happens with each frame.
 */
@Export
@Version("0.1.0")
package tier6.libc;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
