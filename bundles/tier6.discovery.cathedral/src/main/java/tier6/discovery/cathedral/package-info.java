/** Peers that a cathedral announces. */
package tier6.discovery.cathedral;
