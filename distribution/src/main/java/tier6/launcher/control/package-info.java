/** {@code tier6 status} and all other commands that a running node answers. */
package tier6.launcher.control;
