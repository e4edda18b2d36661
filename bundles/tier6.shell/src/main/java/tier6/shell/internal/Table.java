package tier6.shell.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.felix.service.command.CommandSession;

/**
 * Text in columns that never gets wider than a terminal: where it would, the widest columns are narrowed and their
 * cells continue on the next line, so that nothing is lost.
 */
final class Table {
    /** Columns of the narrowest terminal that people use. */
    static final int WIDTH = 80;

    /** The variable of a session that tells the columns of its terminal. */
    private static final String COLUMNS = "COLUMNS";

    private static final String GAP = "  ";
    private static final int NARROWEST = 8;

    private final boolean[] right;
    private final List<List<String>> rows = new ArrayList<>();

    private Table(boolean[] right) {
        this.right = right;
    }

    /** The columns of a session's terminal; {@link #WIDTH} if it has none or does not tell. */
    static int width(CommandSession session) {
        return session.get(COLUMNS) instanceof Integer columns ? columns : WIDTH;
    }

    /** A table with a heading. A column whose name begins with {@code >} is aligned to the right. */
    static Table of(String... headings) {
        boolean[] right = new boolean[headings.length];
        String[] names = new String[headings.length];
        for (int i = 0; i < headings.length; i++) {
            right[i] = headings[i].startsWith(">");
            names[i] = right[i] ? headings[i].substring(1) : headings[i];
        }
        return new Table(right).row(names);
    }

    /** A table of {@code columns} columns, all aligned to the left, without a heading. */
    static Table plain(int columns) {
        return new Table(new boolean[columns]);
    }

    /** Adds a row. */
    Table row(String... cells) {
        if (cells.length != right.length) {
            throw new IllegalArgumentException(cells.length + " cells for " + right.length + " columns");
        }
        rows.add(List.of(cells));
        return this;
    }

    /** The rows as lines of at most {@code width} columns, without a line break after the last. */
    String render(int width) {
        int[] widths = widths(width);
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            List<List<String>> cells = new ArrayList<>();
            int height = 1;
            for (int column = 0; column < widths.length; column++) {
                List<String> cell = wrap(row.get(column), widths[column]);
                cells.add(cell);
                height = Math.max(height, cell.size());
            }
            for (int line = 0; line < height; line++) {
                lines.add(line(cells, line, widths));
            }
        }
        return String.join("\n", lines);
    }

    private String line(List<List<String>> cells, int line, int[] widths) {
        StringBuilder text = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            List<String> cell = cells.get(column);
            String part = line < cell.size() ? cell.get(line) : "";
            String padding = " ".repeat(widths[column] - part.length());
            text.append(column == 0 ? "" : GAP).append(right[column] ? padding + part : part + padding);
        }
        return text.toString().stripTrailing();
    }

    private int[] widths(int width) {
        int[] widths = new int[right.length];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        int room = width - GAP.length() * (widths.length - 1);
        for (int excess = Arrays.stream(widths).sum() - room; excess > 0; excess--) {
            int widest = widest(widths);
            if (widths[widest] <= NARROWEST) {
                break;
            }
            widths[widest]--;
        }
        return widths;
    }

    private static int widest(int[] widths) {
        int widest = 0;
        for (int column = 1; column < widths.length; column++) {
            if (widths[column] > widths[widest]) {
                widest = column;
            }
        }
        return widest;
    }

    /** Cuts {@code text} at blanks, or anywhere where there are none, into lines of at most {@code width}. */
    static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (rest.length() > width) {
            int blank = rest.lastIndexOf(' ', width);
            int end = blank > 0 ? blank : width;
            lines.add(rest.substring(0, end).stripTrailing());
            rest = rest.substring(end).stripLeading();
        }
        if (!rest.isEmpty() || lines.isEmpty()) {
            lines.add(rest);
        }
        return lines;
    }
}
