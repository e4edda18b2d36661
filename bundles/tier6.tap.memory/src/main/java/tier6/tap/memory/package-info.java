/** A TAP without a kernel. */
package tier6.tap.memory;
