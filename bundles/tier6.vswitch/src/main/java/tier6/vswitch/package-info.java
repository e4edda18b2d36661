/** The soft-switch: learns where addresses live and passes frames on. */
package tier6.vswitch;
