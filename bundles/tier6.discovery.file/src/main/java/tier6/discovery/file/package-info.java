/** Peers from a watched file and from the name service. */
package tier6.discovery.file;
