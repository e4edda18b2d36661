/**
 * The commands that make a network out of nothing: {@code tier6 up}, {@code join}, {@code invite} and their kin. Functions on a
 * directory for each network; the node that runs from it is started like any other.
 */
package tier6.launcher.network;
