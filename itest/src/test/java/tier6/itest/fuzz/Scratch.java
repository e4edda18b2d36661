package tier6.itest.fuzz;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file for decoders that want one, in memory where the system has such a place; gone with the process. */
public final class Scratch {
    private static final Path MEMORY = Path.of("/dev/shm");

    private static final ThreadLocal<Scratch> OF_THREAD = new ThreadLocal<>();

    private final Path path;
    private final FileChannel channel;

    private Scratch() throws IOException {
        path = Files.isWritable(MEMORY)
                ? Files.createTempFile(MEMORY, "tier6-fuzz", null)
                : Files.createTempFile("tier6-fuzz", null);
        path.toFile().deleteOnExit();
        channel = FileChannel.open(path, StandardOpenOption.WRITE);
    }

    /** The file of the calling thread. */
    public static Scratch file() throws IOException {
        if (OF_THREAD.get() == null) {
            OF_THREAD.set(new Scratch());
        }
        return OF_THREAD.get();
    }

    public Path path() {
        return path;
    }

    /** Makes this its content. */
    public void write(byte[] content, int length) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(content, 0, length), 0);
    }
}
