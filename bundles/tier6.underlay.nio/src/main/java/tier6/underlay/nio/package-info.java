/** Datagrams over NIO: runs wherever Java does. */
package tier6.underlay.nio;
