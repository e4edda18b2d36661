package tier6.discovery.reliquary;

/**
 * A cathedral of a Reliquary.
 *
 * @param description what its operator calls it; may be empty
 * @param address {@code address:port}
 */
public record Cathedral(String description, String address) {

    @Override
    public String toString() {
        return description.isEmpty() ? address : description + " - " + address;
    }
}
