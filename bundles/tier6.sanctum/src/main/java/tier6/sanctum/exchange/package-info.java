/**
 * The key exchange between two peers (specification section 7), as a state machine that knows neither sockets nor clocks.
 *
 * <h2>What is ours</h2>
 *
 * <p>The wire format and the keys are those of the C programs; what is sent when differs where they lose time or stall
 * (specification section 7.9):
 *
 * <ul>
 *   <li>The public key leaves when the exchange begins, the ciphertext when the peer's public key is complete. On a good
 *       link the initiator has both keys after one round trip and the other side half a round trip later. Repetition is
 *       once a second, as usual.
 *   <li>Fragments that differ in anything but their quarter of the key are never combined.
 *   <li>The two directions are independent. When the peer starts over, we keep our public key and answer its new one. If each
 *       side drew new keys because the other did, two sides could chase each other for ever.
 *   <li>An exchange always ends: after {@value tier6.sanctum.exchange.KeyExchange#TTL} pulses it has succeeded or failed. It
 *       succeeded only if data came in under the new key. After a failure, and when the peer restarted, the next exchange has a
 *       new local id, which makes a C peer give up what it waits for in vain.
 *   <li>A ciphertext that was made for another key than ours is recognised (see {@code LocalKeys}) and ends the exchange at
 *       once: the peer combined fragments of two keys.
 *   <li>A datagram is accepted once, and a delayed fragment does not displace a newer one.
 *   <li>Ciphertext for a key that we no longer offer is ignored. The C programs start over, which lets anybody who repeats
 *       a datagram disturb them.
 * </ul>
 *
 * <h2>Changing keys under traffic</h2>
 *
 * <p>We install a receive key before we send the ciphertext from which the peer makes its transmit key; so the peer cannot
 * use a key that we do not have. Behind a relay that admits only the SPIs that were announced to it (section 9.6), the
 * announcement has to overtake the peer's first packet: announce from within {@link
 * tier6.sanctum.exchange.KeyExchange.Output#installRx}, which is called before that ciphertext is sent, over the same path.
 *
 * <p>A transmit key takes effect at once. Keeping the old one for a while would help in one case, a C daemon behind a
 * relay, which tells the relay of its new SPI only every five seconds; it would hurt with libkyrka, which destroyed its old
 * receive key before we could know the new one, so that each further packet under the old key is lost. Peers of our own
 * need no delay, for the reason above. A transport that recognises a relayed C daemon by its grace packets may delay its
 * use of the key in {@link tier6.sanctum.exchange.KeyExchange.Output#installTx}; nothing here depends on it.
 *
 * <p>The peer knows that its exchange succeeded only when data arrives, and libkyrka counts frames only, no graces: send a
 * frame (a heartbeat will do) right after installing a transmit key.
 */
@Export
@Version("0.1.0")
package tier6.sanctum.exchange;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
