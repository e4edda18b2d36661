/** Datagrams with the batching of Linux. */
package tier6.underlay.linux;
