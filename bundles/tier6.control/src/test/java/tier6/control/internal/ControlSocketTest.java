package tier6.control.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tier6.control.Client;
import tier6.control.Places;

/** Clients of a real socket, with the real Gogo behind it. */
class ControlSocketTest {
    @TempDir
    Path temporary;

    private final ThreadIOImpl streams = new ThreadIOImpl();
    private final Sample sample = new Sample();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private CommandProcessorImpl processor;
    private ControlSocket server;
    private Path socket;

    /** Commands of scope tier6. */
    public static final class Sample {
        final CountDownLatch waiting = new CountDownLatch(1);
        final CountDownLatch interrupted = new CountDownLatch(1);

        public String say(CommandSession session, String... words) {
            return session.get("COLUMNS") + " " + Arrays.toString(words);
        }

        public void wrong(String... words) {
            throw new IllegalArgumentException("cannot mean " + words[0]);
        }

        public void broken(CommandSession session) throws IOException {
            session.getConsole().println("half of it");
            throw new IOException("no more");
        }

        public void judge(CommandSession session) {
            System.out.println("one finding");
            session.put("exit.status", 7);
        }

        public void much() {
            byte[] all = new byte[200_000];
            Arrays.fill(all, (byte) 0xf6);
            System.out.write(all, 0, all.length);
        }

        public void last() {
            waiting.countDown();
            try {
                Thread.sleep(TimeUnit.MINUTES.toMillis(10));
            } catch (InterruptedException e) {
                interrupted.countDown();
                System.out.println("stopped");
            }
        }
    }

    @BeforeEach
    void open() throws Exception {
        streams.start();
        processor = new CommandProcessorImpl(streams);
        for (String name : List.of("say", "wrong", "broken", "judge", "much", "last")) {
            processor.addCommand("tier6", sample, name);
        }
        processor.addCommand("other", sample, "say");
        socket = temporary.resolve("tier6/node/control");
        server = server("");
    }

    private ControlSocket server(String group) {
        return new ControlSocket(null, config(socket, group), processor, streams);
    }

    private static ControlSocket.Config config(Path socket, String group) {
        return new ControlSocket.Config() {
            @Override
            public String socket() {
                return socket.toString();
            }

            @Override
            public String group() {
                return group;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return ControlSocket.Config.class;
            }
        };
    }

    @AfterEach
    void close() throws Exception {
        server.close();
        streams.stop();
    }

    private int run(String... words) throws IOException {
        out.reset();
        err.reset();
        try (Client client = new Client(socket, 132)) {
            return client.run(List.of(words), out, err);
        }
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void argumentsArriveAsTheyWereTyped() throws Exception {
        assertEquals(0, run("say", "$SCOPE", "; other:say", "(say x)", "", "'ü'"));
        assertEquals("132 [$SCOPE, ; other:say, (say x), , 'ü']\n", text(out));
        assertEquals("", text(err));
    }

    @Test
    void theStatusTellsHowItWent() throws Exception {
        assertEquals(2, run("wrong", "that"));
        assertEquals("tier6: cannot mean that\n", text(err));
        assertEquals(1, run("broken"));
        assertEquals("half of it\n", text(out));
        assertEquals("tier6: no more\n", text(err));
        assertEquals(7, run("judge"));
        assertEquals("one finding\n", text(out));
    }

    @Test
    void onlyCommandsOfTheScopeAreCommands() throws Exception {
        for (String word : List.of("other:say", "tier6:say", "nothing", "", "SCOPE", ".commands")) {
            assertEquals(2, run(word), word);
            assertTrue(text(err).contains("only broken, judge, last, much, say, wrong"), text(err));
        }
    }

    @Test
    void bytesOfAnyNumberAndValuePass() throws Exception {
        assertEquals(0, run("much"));
        assertEquals(200_000, out.size());
        for (byte b : out.toByteArray()) {
            assertEquals((byte) 0xf6, b);
        }
    }

    @Test
    void oneClientRunsManyCommands() throws Exception {
        try (Client client = new Client(socket, 80)) {
            for (int i = 0; i < 20; i++) {
                out.reset();
                assertEquals(0, client.run(List.of("say", "" + i), out, err));
                assertEquals("80 [" + i + "]\n", text(out));
            }
        }
    }

    @Test
    void aCommandIsInterruptedWhenItsClientGoes() throws Exception {
        Client client = new Client(socket, 80);
        Thread asking = new Thread(() -> assertThrows(IOException.class, () -> client.run(List.of("last"), out, err)));
        asking.start();
        assertTrue(sample.waiting.await(10, TimeUnit.SECONDS));
        client.close();
        assertTrue(sample.interrupted.await(10, TimeUnit.SECONDS));
        asking.join();
    }

    @Test
    void aCommandThatIsAskedToStopHasTheLastWord() throws Exception {
        try (Client client = new Client(socket, 80)) {
            Thread stopping = new Thread(() -> {
                try {
                    sample.waiting.await();
                    client.stop();
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            stopping.start();
            assertEquals(0, client.run(List.of("last"), out, err));
            assertEquals("stopped\n", text(out));
            stopping.join();
        }
    }

    @Test
    void theOwnerMayUseTheShell() throws Exception {
        try (Client client = new Client(socket, 80)) {
            assertEquals(0, client.shell("x = 5; other:say $x", new ByteArrayInputStream(new byte[0]), out, err));
        }
        assertEquals("80 [5]\n", text(out));
    }

    @Test
    void nobodyElseMay() {
        Shell shell = new Shell(processor, streams);
        var screen = new Shell.Screen(new ByteArrayInputStream(new byte[0]), out, err, 80);
        assertEquals(1, shell.shell(List.of("other:say"), screen, false));
        assertEquals("tier6: the shell is for the owner of this node and for root\n", text(err));
    }

    @Test
    void onlyTheOwnerCanReachIt() throws Exception {
        assertEquals("rw-------", mode(socket));
        assertEquals("rwx------", mode(socket.getParent()));
        server.close();
        assertFalse(Files.exists(socket));
        server = server(Files.readAttributes(temporary, PosixFileAttributes.class)
                .group()
                .getName());
        assertEquals("rw-rw----", mode(socket));
        assertEquals("rwxr-x---", mode(socket.getParent()));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void aDirectoryThatOthersMayWriteIsRefused() throws Exception {
        server.close();
        Files.createDirectory(socket.getParent());
        for (String mode : List.of("rwxrwx---", "rwx----w-")) {
            Files.setPosixFilePermissions(socket.getParent(), PosixFilePermissions.fromString(mode));
            IOException e = assertThrows(IOException.class, () -> Door.open(socket, ""));
            assertTrue(e.getMessage().contains("chmod 700"), e.getMessage());
        }
        Files.setPosixFilePermissions(socket.getParent(), PosixFilePermissions.fromString("rwx------"));
        server = server("");
        assertTrue(Places.isAlive(socket));
    }

    @Test
    void aSocketOfTheLivingStaysAndThatOfTheDeadIsReplaced() throws Exception {
        IOException e = assertThrows(IOException.class, () -> Door.open(socket, ""));
        assertTrue(e.getMessage().contains("another node answers"), e.getMessage());
        assertEquals(0, run("say"));
        Path dead = temporary.resolve("tier6/dead/control");
        try (Door door = Door.open(dead, "")) {
            door.channel().close();
            assertTrue(Files.exists(dead));
            assertFalse(Places.isAlive(dead));
            Door.open(dead, "").close();
        }
    }

    @Test
    void whatIsNoClientIsLetGo() throws Exception {
        for (byte[] speech : List.of(new byte[] {99, 0, 1, 0}, new byte[] {5, 0, 0}, new byte[] {0, 0, 1, 'x'})) {
            try (var channel = Places.connect(socket)) {
                channel.write(ByteBuffer.wrap(speech));
                assertTrue(isOver(channel));
            }
        }
        assertEquals(0, run("say"));
    }

    private static boolean isOver(SocketChannel channel) {
        try {
            return channel.read(ByteBuffer.allocate(1)) < 0;
        } catch (IOException e) {
            // Reset, as what it said last was not read to its end.
            return true;
        }
    }
}
