package tier6.admission;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.TlsServerProtocol;
import tier6.sanctum.crypto.Secrets;

/**
 * The door of a flock: answers those who have an invitation and, when they have come in, those who want another name or want
 * to leave. To whom has no key it costs little: as many threads and bytes at most as are stated here, and each address has to
 * wait between its attempts.
 */
public final class AdmissionServer implements Closeable {
    private static final Logger LOG = System.getLogger("tier6.admission");

    private static final int MOST_CONNECTIONS = 8;
    private static final int BACKLOG = 16;
    private static final Duration SILENCE = Duration.ofSeconds(4), WHOLE = Duration.ofSeconds(12);

    private final FlockHome home;
    private final ServerSocket socket;
    private final Doorkeeper doorkeeper = new Doorkeeper(System::nanoTime);
    private final ThreadPoolExecutor talks = new ThreadPoolExecutor(
            0, MOST_CONNECTIONS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> daemon(task, "talk"));
    private final ScheduledExecutorService watch =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "watch"));

    /**
     * Opens the door.
     *
     * @throws IOException if the port cannot be opened
     */
    public AdmissionServer(FlockHome home, InetSocketAddress local) throws IOException {
        this.home = home;
        socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(local, BACKLOG);
        } catch (IOException e) {
            socket.close();
            throw new IOException(
                    "cannot open TCP " + local.getHostString() + ":" + local.getPort() + ": " + e.getMessage(), e);
        }
        daemon(this::accept, "door").start();
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, "tier6-admission-" + name);
        thread.setDaemon(true);
        return thread;
    }

    /** Where it listens. */
    public InetSocketAddress local() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket guest = socket.accept();
                if (!doorkeeper.mayEnter(guest.getInetAddress())) {
                    close(guest);
                    continue;
                }
                try {
                    talks.execute(() -> serve(guest));
                } catch (RejectedExecutionException e) {
                    close(guest);
                }
            } catch (SocketException e) {
                if (!socket.isClosed()) {
                    LOG.log(Level.WARNING, "the door does not open: {0}", e.getMessage());
                    pause();
                }
            } catch (IOException e) {
                LOG.log(Level.WARNING, "the door does not open: {0}", e.getMessage());
                pause();
            }
        }
    }

    /** Such as when there are no more files: it may get better. */
    private static void pause() {
        try {
            Thread.sleep(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(Socket guest) {
        String from = guest.getInetAddress().getHostAddress();
        ScheduledFuture<?> end = null;
        try {
            end = watch.schedule(() -> close(guest), WHOLE.toMillis(), TimeUnit.MILLISECONDS);
            guest.setSoTimeout((int) SILENCE.toMillis());
            guest.setTcpNoDelay(true);
            Psk.Server server = new Psk.Server(this::key);
            TlsServerProtocol tls = new TlsServerProtocol(guest.getInputStream(), guest.getOutputStream());
            tls.accept(server);
            Talk.Reply reply = answer(server, Talk.receive(tls.getInputStream(), Talk.MOST_REQUEST), from);
            try {
                byte[] bytes = Talk.reply(reply, home.ownerPublic(), home::sign, server.binding());
                Talk.send(tls.getOutputStream(), bytes);
                Secrets.clear(bytes);
            } finally {
                if (reply.seat() != null) {
                    reply.seat().close();
                }
            }
            tls.close();
        } catch (IOException e) {
            if (doorkeeper.mayComplain()) {
                LOG.log(Level.INFO, "{0} came to the door without a key that opens it: {1}", from, e.getMessage());
            }
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "the door was closed meanwhile");
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "who came from " + from + " got no answer", e);
        } finally {
            if (end != null) {
                end.cancel(false);
            }
            close(guest);
        }
    }

    private byte[] key(Psk.Name name) throws IOException {
        return switch (name.kind()) {
            case INVITATION -> home.invitationKey(name.id()).orElse(null);
            case DEVICE -> home.deviceKey(name.id()).orElse(null);
        };
    }

    private Talk.Reply answer(Psk.Server server, byte[] message, String from) throws IOException {
        int id = server.name().id();
        try {
            Talk.Request request = Talk.request(message, server.binding());
            if (server.name().kind() == Psk.Kind.INVITATION) {
                if (request.wish() != Talk.Wish.JOIN) {
                    throw new AdmissionException("with an invitation one can join and nothing else");
                }
                return join(id, request, from);
            }
            if (!Secrets.equal(home.cosk(id), request.cosk())) {
                throw new AdmissionException("this is not the signing key of this device");
            }
            return member(id, request, from);
        } catch (AdmissionException e) {
            LOG.log(
                    Level.INFO,
                    "refused {0} {1} from {2}: {3}",
                    server.name().kind() == Psk.Kind.INVITATION ? "invitation" : "device",
                    InvitationText.name(id),
                    from,
                    e.getMessage());
            return new Talk.Reply(Talk.Status.REFUSED, e.getMessage(), null);
        }
    }

    private Talk.Reply join(int id, Talk.Request request, String from) throws IOException {
        FlockHome.Decision decision = home.join(id, request.cosk(), request.name(), from);
        if (decision instanceof FlockHome.Decision.Admitted admitted) {
            Seat seat = admitted.seat();
            LOG.log(
                    Level.INFO,
                    "{0} device {1} as number {2} by invitation {3} from {4}",
                    admitted.again() ? "answered" : "admitted",
                    seat.name(),
                    String.format("%02x", seat.kekId()),
                    InvitationText.name(id),
                    from);
            return new Talk.Reply(Talk.Status.SEAT, null, seat);
        }
        if (((FlockHome.Decision.Wait) decision).first()) {
            LOG.log(
                    Level.INFO,
                    "device {0} from {1} waits: ''tier6 approve {0}'' lets it in; its fingerprint is {2}",
                    NameCertificate.toName(request.name()),
                    from,
                    Fingerprint.text(request.cosk()));
        }
        return new Talk.Reply(Talk.Status.WAIT, null, null);
    }

    private Talk.Reply member(int csId, Talk.Request request, String from) throws IOException {
        switch (request.wish()) {
            case RENAME -> {
                Seat seat = home.rename(csId, request.name());
                LOG.log(Level.INFO, "device {0} is called {1} now", InvitationText.name(csId), seat.name());
                return new Talk.Reply(Talk.Status.SEAT, null, seat);
            }
            case LEAVE -> {
                home.leave(csId);
                LOG.log(Level.INFO, "device {0} left, from {1}", InvitationText.name(csId), from);
                return new Talk.Reply(Talk.Status.DONE, null, null);
            }
            default -> throw new AdmissionException("this device is in already");
        }
    }

    private static void close(Socket guest) {
        try {
            guest.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a connection could not be closed", e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        talks.shutdownNow();
        watch.shutdownNow();
    }
}
