/** TAP devices of Linux. */
package tier6.tap.linux;
