/**
 * The commands {@code tier6 reliquary …}: what a device and the owner of a flock do at a Reliquary (specification section 18),
 * in the files of its scripts.
 */
package tier6.launcher.reliquary;
