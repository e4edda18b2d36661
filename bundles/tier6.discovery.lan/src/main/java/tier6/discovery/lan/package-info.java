/** Peers on the same segment. */
package tier6.discovery.lan;
