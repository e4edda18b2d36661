/** Gogo commands of tier6. */
package tier6.shell;
