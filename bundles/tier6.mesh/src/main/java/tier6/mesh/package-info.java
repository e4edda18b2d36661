/** Joins peer sources, transport and switch. */
package tier6.mesh;
