/**
 * The client's side of a Reliquary, specification sections 15.5 and 18: its HTTP API, and the directory in which a device
 * keeps what it got there. Plain Java without OSGi, so that commands can use it too; the source of peers is in
 * {@code internal}.
 */
package tier6.discovery.reliquary;
