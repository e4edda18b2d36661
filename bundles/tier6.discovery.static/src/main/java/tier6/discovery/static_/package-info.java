/** Peers from configuration. */
package tier6.discovery.static_;
