/** What a node counts and measures, for Prometheus. Everything is read when somebody asks, nothing on the path of a frame. */
package tier6.metrics.internal;
