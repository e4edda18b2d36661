package tier6.api.node;

/**
 * A discovery source at one moment.
 *
 * @param name what it calls itself
 * @param bundle symbolic name and version of the bundle that it comes from
 * @param peers how many peers it announces
 * @param status its own words
 */
public record SourceStatus(String name, String bundle, int peers, String status) {}
