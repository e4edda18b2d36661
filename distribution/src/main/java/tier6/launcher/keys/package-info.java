/**
 * The commands {@code tier6 keys …} and {@code tier6 cathedral add-device}: functions on files, in the formats and directories
 * of the C programs {@code ambry} and {@code vicar} (specification sections 15 and 16), so that both can work on the same.
 */
package tier6.launcher.keys;
