package tier6.diagnosis;

import java.util.List;

/**
 * Something that was looked at.
 *
 * @param name a word for it that does not change, such as {@code clock}
 * @param weight how it stands
 * @param what what was found
 * @param why why it matters; empty if it is well
 * @param remedy what to do; empty if nothing is to be done
 */
public record Finding(String name, Weight weight, String what, String why, String remedy) {
    /** How something stands. */
    public enum Weight {
        /** As it should be. */
        GOOD,
        /** Worth knowing; it works all the same. */
        NOTE,
        /** Something does not work. */
        BAD
    }

    /** Something that is as it should be. */
    public static Finding good(String name, String what) {
        return new Finding(name, Weight.GOOD, what, "", "");
    }

    /** Something that is worth knowing. */
    public static Finding note(String name, String what, String why, String remedy) {
        return new Finding(name, Weight.NOTE, what, why, remedy);
    }

    /** Something that must be mended. */
    public static Finding bad(String name, String what, String why, String remedy) {
        return new Finding(name, Weight.BAD, what, why, remedy);
    }

    /** The finding in up to three lines. */
    public String text() {
        StringBuilder text = new StringBuilder();
        String head = switch (weight) {
            case GOOD -> "ok     ";
            case NOTE -> "note   ";
            case BAD -> "WRONG  ";
        };
        text.append(head).append(name).append(": ").append(what);
        if (!why.isEmpty()) {
            text.append("\n         why: ").append(why);
        }
        if (!remedy.isEmpty()) {
            text.append("\n         do:  ").append(remedy);
        }
        return text.toString();
    }

    /** Whether any of them must be mended. */
    public static boolean anyBad(List<Finding> findings) {
        return findings.stream().anyMatch(finding -> finding.weight == Weight.BAD);
    }
}
