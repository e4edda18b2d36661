/** The soft-switch. */
package tier6.vswitch;
