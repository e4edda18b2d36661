/** A network of hosts, NAT boxes and bad lines in one process, in virtual time: no socket, no thread, no waiting. */
package tier6.transport.sanctum.sim;
