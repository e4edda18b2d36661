/** The HTTP server of a node: who may ask, and what {@link tier6.api.node.Node} and its neighbours answer. */
package tier6.http.internal;
