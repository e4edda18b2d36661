/** {@code tier6 demo}: a whole network in this process, for people who want to see one. */
package tier6.launcher.demo;
