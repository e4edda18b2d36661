/** Gogo commands of tier6: what {@link tier6.api.node.Node} and its neighbours say, for eyes and for programs. */
package tier6.shell.internal;
