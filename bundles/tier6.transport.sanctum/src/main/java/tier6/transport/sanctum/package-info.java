/** Links over sanctum sessions. */
package tier6.transport.sanctum;
