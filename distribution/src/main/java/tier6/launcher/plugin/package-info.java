/** {@code tier6 plugin}: what somebody needs who writes a plug-in. */
package tier6.launcher.plugin;
