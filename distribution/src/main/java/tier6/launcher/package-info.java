/** Starts nodes: one OSGi framework each, in this process. */
package tier6.launcher;
