/**
 * {@code tier6.conf}: the configuration file of a node, specification section 17.3 and our additions to it. Plain Java
 * without OSGi, so that a launcher can check a file before it starts anything.
 */
package tier6.config;
