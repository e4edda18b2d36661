/** How commands of {@code tier6} are written, read and run, whatever they are about. */
package tier6.launcher.command;
