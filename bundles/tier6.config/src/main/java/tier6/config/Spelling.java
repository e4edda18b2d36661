package tier6.config;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Guesses which word was meant. */
final class Spelling {
    private Spelling() {}

    /** The word with the fewest edits, if these are few for its length. */
    static Optional<String> nearest(String word, Collection<String> words) {
        String lower = word.toLowerCase(Locale.ROOT).replace('_', '-');
        return words.stream()
                .min(Comparator.comparingInt(candidate -> distance(lower, candidate)))
                .filter(candidate -> distance(lower, candidate) <= (candidate.length() + 1) / 3);
    }

    /** Edits (insert, delete, replace, swap of neighbours) from one word to the other. */
    static int distance(String from, String to) {
        int[][] edits = new int[from.length() + 1][to.length() + 1];
        Arrays.setAll(edits[0], j -> j);
        for (int i = 1; i <= from.length(); i++) {
            edits[i][0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replace = edits[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                edits[i][j] = Math.min(replace, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
                }
            }
        }
        return edits[from.length()][to.length()];
    }
}
