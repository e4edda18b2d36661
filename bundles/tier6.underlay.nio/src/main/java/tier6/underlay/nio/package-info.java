/** Datagrams over NIO. */
package tier6.underlay.nio;
