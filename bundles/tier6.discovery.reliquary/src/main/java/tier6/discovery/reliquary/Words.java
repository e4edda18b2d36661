package tier6.discovery.reliquary;

/** What others wrote, made fit to be shown. */
final class Words {
    private static final int LONGEST = 120;

    private Words() {}

    /** Without anything that a terminal would obey, and not too much of it. */
    static String clean(String text) {
        String harmless = text.replaceAll("[\\s\\p{Cntrl}\\p{Cf}\\x{2028}\\x{2029}]+", " ")
                .strip();
        return harmless.length() > LONGEST ? harmless.substring(0, LONGEST) + "…" : harmless;
    }
}
