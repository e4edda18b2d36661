package tier6.cathedral;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.List;
import tier6.sanctum.ambry.FlockDirectory;
import tier6.sanctum.kdf.Flocks;

/**
 * The settings file of a cathedral (specification section 9.8), to which flocks and devices are added; every other byte of it stays as it
 * is. Reads the lines that matter for this and no others: what is wrong elsewhere is the cathedral's to tell.
 */
public final class SettingsFile {
    private static final Charset BYTES = StandardCharsets.ISO_8859_1;
    private static final String INDENT = "    ";

    /** A line that allows a device; lines count from 0. */
    private record Allow(int csId, int kekId, int line) {}

    /** A block of a flock. {@code flock} is null if its id cannot be read. */
    private static final class Block {
        private final Long flock;
        private final int opened;
        private final List<Allow> allows = new ArrayList<>();
        private boolean closed;
        private int end;

        Block(Long flock, int opened) {
            this.flock = flock;
            this.opened = opened;
        }
    }

    private final Path file;

    /** With their ends. */
    private final List<String> lines;

    private final List<Block> blocks = new ArrayList<>();

    private SettingsFile(Path file, List<String> lines) throws IOException {
        this.file = file;
        this.lines = lines;
        for (int line = 0; line < lines.size(); line++) {
            scan(line, lines.get(line).strip().split("\\s+"));
        }
        checkClosed();
    }

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be read, or if its blocks are so wrong that nothing can be put into it
     */
    public static SettingsFile read(Path file) throws IOException {
        return parse(file, Files.readString(file, BYTES));
    }

    /** Reads a text that is to become a file's, as {@link #without} gives it. */
    public static SettingsFile parse(Path file, String text) throws IOException {
        return new SettingsFile(file, List.of(text.split("(?<=\n)")));
    }

    /** A line that allows a device, without its end. */
    public static String allow(int csId, int kekId, long mbits) {
        return String.format("allow %s spi 0x%02x %d", Device.name(csId), kekId, mbits);
    }

    private void scan(int line, String[] words) throws IOException {
        switch (words[0]) {
            case "flock" -> {
                checkClosed();
                blocks.add(new Block(flock(words), line));
            }
            case "}" -> {
                if (!blocks.isEmpty()) {
                    last().closed = true;
                    last().end = line;
                }
            }
            case "allow" -> {
                if (!blocks.isEmpty() && !last().closed && words.length > 3) {
                    Long csId = hex(words[1], 8);
                    Long kekId = hex(words[3], 2);
                    if (csId != null && kekId != null) {
                        last().allows.add(new Allow(csId.intValue(), kekId.intValue(), line));
                    }
                }
            }
            default -> {}
        }
    }

    private Block last() {
        return blocks.get(blocks.size() - 1);
    }

    private void checkClosed() throws IOException {
        if (!blocks.isEmpty() && !last().closed) {
            throw new IOException(
                    at(last().opened) + ": this flock is not closed: end it with a line that has only '}' first");
        }
    }

    private String at(int line) {
        return file + ":" + (line + 1);
    }

    private static Long flock(String[] words) {
        String id = words.length < 2
                ? ""
                : words[1].endsWith("{") ? words[1].substring(0, words[1].length() - 1) : words[1];
        Long flock = hex(id, 16);
        return flock == null ? null : Flocks.mask(flock);
    }

    private static Long hex(String text, int digits) {
        String bare = text.startsWith("0x") || text.startsWith("0X") ? text.substring(2) : text;
        return bare.matches("0*[0-9a-fA-F]{1," + digits + "}") ? Long.parseUnsignedLong(bare, 16) : null;
    }

    /** Whether there is a block of the flock. */
    public boolean knows(long flock) {
        return blocks.stream().anyMatch(block -> isOf(block, flock));
    }

    private static boolean isOf(Block block, long flock) {
        return block.flock != null && block.flock == Flocks.mask(flock);
    }

    /**
     * Checks that a device can be added.
     *
     * @throws IOException naming the line that is in the way
     */
    public void checkFree(long flock, int csId, int kekId) throws IOException {
        for (Block block : blocks) {
            for (Allow allow : isOf(block, flock) ? block.allows : List.<Allow>of()) {
                if (allow.csId == csId && allow.kekId == kekId) {
                    throw new IOException(at(allow.line) + ": this device is allowed already");
                }
                if (allow.csId == csId) {
                    throw new IOException(String.format(
                            "%s: device %s is number %02x already: remove this line, or take another cs-id",
                            at(allow.line), Device.name(csId), allow.kekId));
                }
                if (allow.kekId == kekId) {
                    throw new IOException(String.format(
                            "%s: number %02x is device %s already: remove this line, or take another kek-id",
                            at(allow.line), kekId, Device.name(allow.csId)));
                }
            }
        }
    }

    /** The text of the file with a device more, in the block of its flock, which is made if there is none. */
    public String allowing(long flock, int csId, int kekId, long mbits) {
        List<String> changed = new ArrayList<>(lines);
        String added = allow(csId, kekId, mbits) + "\n";
        for (Block block : blocks) {
            if (isOf(block, flock)) {
                int before = block.allows.isEmpty() ? block.opened : block.allows.get(block.allows.size() - 1).line;
                changed.add(before + 1, (before == block.opened ? INDENT : indent(lines.get(before))) + added);
                return String.join("", changed);
            }
        }
        return appended(flock, added);
    }

    /** The text of the file with a flock more, which has no devices; as it is if the flock is there. */
    public String with(long flock, String ambry) {
        return knows(flock) ? String.join("", lines) : appended(flock, "ambry " + ambry + "\n");
    }

    private String appended(long flock, String line) {
        String text = String.join("", lines);
        String gap = text.isEmpty() ? "" : text.endsWith("\n") ? "\n" : "\n\n";
        return text + gap + "flock " + FlockDirectory.name(Flocks.mask(flock)) + " {\n" + INDENT + line + "}\n";
    }

    /** The text of the file without a flock; as it is if the flock is not there. */
    public String without(long flock) {
        List<String> rest = new ArrayList<>(lines);
        for (Block block : blocks) {
            if (isOf(block, flock)) {
                rest.subList(block.opened, block.end + 1).replaceAll(line -> "");
            }
        }
        return String.join("", rest);
    }

    /** The text of the file without a device; as it is if the device is not there. */
    public String without(long flock, int csId) {
        List<String> rest = new ArrayList<>(lines);
        for (Block block : blocks) {
            if (isOf(block, flock)) {
                block.allows.stream().filter(allow -> allow.csId == csId).forEach(allow -> rest.set(allow.line, ""));
            }
        }
        return String.join("", rest);
    }

    private static String indent(String line) {
        return line.substring(0, line.indexOf(line.strip()));
    }

    /** Replaces the file in one step; mode, owner and group stay. A link to it stays a link. */
    public void replace(String text) throws IOException {
        Path target = file.toRealPath();
        Path beside = Files.createTempFile(target.getParent(), "." + target.getFileName(), ".new");
        try {
            try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = BYTES.encode(text);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            likeness(target, beside);
            Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private static void likeness(Path of, Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        PosixFileAttributes model = Files.readAttributes(of, PosixFileAttributes.class);
        PosixFileAttributes mine = view.readAttributes();
        if (!mine.owner().equals(model.owner())) {
            view.setOwner(model.owner());
        }
        if (!mine.group().equals(model.group())) {
            view.setGroup(model.group());
        }
        view.setPermissions(model.permissions());
    }
}
