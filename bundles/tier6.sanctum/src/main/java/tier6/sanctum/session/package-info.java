/**
 * Data packets: sealing, opening, the replay window and the replacement of keys (specification section 5).
 *
 * <p>This is the path that every frame takes twice, so its rules are stricter than elsewhere. Nothing here allocates per
 * packet, except what the JCE does inside {@code Cipher}: about 1 KB for each packet on JDK 17 and 25, 88 bytes of it for
 * the nonce specification. A specification object that hands out one array again and again would save those 88 bytes
 * and no measurable time, at the price of a broken contract, so each packet has its own. Arrays on the heap are the
 * fastest input and output that the JCE knows; input and output should be different arrays.
 *
 * <p>A session may be closed by one thread while another still uses it. The user gets a refusal and never a packet that
 * was sealed or opened under a half-erased key.
 */
@Export
@Version("0.1.0")
package tier6.sanctum.session;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
