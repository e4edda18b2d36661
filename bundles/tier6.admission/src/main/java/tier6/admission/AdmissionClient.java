package tier6.admission;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsException;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.Secrets;

/** Asks at the door of a flock. All methods block on the network, for some seconds at most. */
public final class AdmissionClient {
    private static final int CONNECT_MILLIS = 5_000;

    /** Longer than removing a device takes on a slow host. */
    private static final int SILENCE_MILLIS = 10_000;

    private AdmissionClient() {}

    /**
     * A seat, and the server that gave it.
     *
     * @param seat to be closed
     * @param server an address that works from here
     */
    public record Joined(Seat seat, InetSocketAddress server) {}

    /** The signing key of a device. */
    @FunctionalInterface
    public interface SigningKey {
        /** 64 bytes, which the one who gives them clears. */
        byte[] get() throws IOException;
    }

    /**
     * Asks to be let in.
     *
     * @param cosk signing key of the device; asked for once there is a flock that will hear of it
     * @param name what the device would like to be called
     * @return empty if the owner has to approve it first: ask again in some seconds
     * @throws AdmissionException if it is refused
     * @throws IOException if nobody can be reached
     */
    public static Optional<Joined> join(InvitationText invitation, SigningKey cosk, String name) throws IOException {
        byte[] key = invitation.key();
        try {
            List<String> failures = new ArrayList<>();
            for (InetSocketAddress server : invitation.servers()) {
                try (Socket socket = connect(server)) {
                    Talk.Reply reply = talk(
                            socket,
                            new Psk.Name(Psk.Kind.INVITATION, invitation.id()),
                            key,
                            invitation.fingerprint(),
                            Talk.Wish.JOIN,
                            name,
                            cosk);
                    return reply.status() == Talk.Status.WAIT
                            ? Optional.empty()
                            : Optional.of(new Joined(
                                    reply.seat(), new InetSocketAddress(server.getHostString(), server.getPort())));
                } catch (Unreachable e) {
                    failures.add(e.getMessage());
                }
            }
            throw new IOException("the flock cannot be reached: " + String.join("; ", failures)
                    + ". Is it up, and does its host let TCP and UDP of this port in?");
        } finally {
            Secrets.clear(key);
        }
    }

    /** Asks for another name for a device that is in. */
    public static Seat rename(Member member, String name) throws IOException {
        return ask(member, Talk.Wish.RENAME, name).seat();
    }

    /** Tells the owner that this device leaves. */
    public static void leave(Member member) throws IOException {
        ask(member, Talk.Wish.LEAVE, "");
    }

    /**
     * A device that is in.
     *
     * @param server where the owner's node is
     * @param csId what it is at the cathedral
     * @param cs its cathedral secret
     * @param cosk its signing key
     * @param owner public key of the owner
     */
    public record Member(InetSocketAddress server, int csId, byte[] cs, byte[] cosk, byte[] owner)
            implements AutoCloseable {
        @Override
        public void close() {
            Secrets.clear(cs, cosk);
        }

        /** Says who, and no secret. */
        @Override
        public String toString() {
            return "Member[" + InvitationText.name(csId) + "]";
        }
    }

    private static Talk.Reply ask(Member member, Talk.Wish wish, String name) throws IOException {
        byte[] key = FlockHome.deviceKey(member.cs(), member.csId());
        try (Socket socket = connect(member.server())) {
            return talk(
                    socket,
                    new Psk.Name(Psk.Kind.DEVICE, member.csId()),
                    key,
                    Fingerprint.of(member.owner()),
                    wish,
                    name,
                    member::cosk);
        } catch (Unreachable e) {
            throw new IOException("the flock cannot be reached: " + e.getMessage(), e);
        } finally {
            Secrets.clear(key);
        }
    }

    /** Nobody is there; perhaps at another address. */
    private static final class Unreachable extends IOException {
        private static final long serialVersionUID = 1L;

        Unreachable(String message) {
            super(message);
        }
    }

    private static Socket connect(InetSocketAddress server) throws Unreachable {
        String where = server.getHostString() + ":" + server.getPort();
        InetSocketAddress resolved =
                server.isUnresolved() ? new InetSocketAddress(server.getHostString(), server.getPort()) : server;
        if (resolved.isUnresolved()) {
            throw new Unreachable("no name server knows " + server.getHostString());
        }
        Socket socket = new Socket();
        try {
            socket.connect(resolved, CONNECT_MILLIS);
            socket.setSoTimeout(SILENCE_MILLIS);
            socket.setTcpNoDelay(true);
            return socket;
        } catch (ConnectException e) {
            throw unreachable(socket, "nobody listens at TCP " + where);
        } catch (SocketTimeoutException e) {
            throw unreachable(socket, "TCP " + where + " does not answer");
        } catch (IOException e) {
            throw unreachable(socket, "TCP " + where + ": " + e.getMessage());
        }
    }

    private static Unreachable unreachable(Socket socket, String why) {
        try {
            socket.close();
        } catch (IOException e) {
            // It never was open.
        }
        return new Unreachable(why);
    }

    private static Talk.Reply talk(
            Socket socket,
            Psk.Name who,
            byte[] key,
            byte[] fingerprint,
            Talk.Wish wish,
            String name,
            SigningKey signingKey)
            throws IOException {
        Psk.Client client = new Psk.Client(who, key);
        TlsClientProtocol tls = new TlsClientProtocol(socket.getInputStream(), socket.getOutputStream());
        try {
            tls.connect(client);
        } catch (TlsFatalAlertReceived e) {
            throw new AdmissionException(
                    who.kind() == Psk.Kind.INVITATION
                            ? "the flock does not know this invitation: it is another flock's, or ended long ago;"
                                    + " ask its owner for another"
                            : "the flock does not know this device: it was revoked");
        } catch (EOFException | TlsException e) {
            throw new Unreachable("TCP " + socket.getInetAddress().getHostAddress() + ":" + socket.getPort()
                    + " hangs up; it is busy, or no tier6");
        } catch (SocketTimeoutException e) {
            throw new Unreachable(
                    "TCP " + socket.getInetAddress().getHostAddress() + ":" + socket.getPort() + " says nothing");
        }
        byte[] cosk = signingKey.get();
        Talk.Request request = new Talk.Request(wish, Ed25519.publicKey(cosk), name);
        Talk.send(tls.getOutputStream(), Talk.request(request, cosk, client.binding()));
        byte[] bytes = Talk.receive(tls.getInputStream(), Talk.MOST_REPLY);
        try {
            Talk.Reply reply = Talk.reply(bytes, fingerprint, client.binding());
            if (reply.status() == Talk.Status.REFUSED) {
                throw new AdmissionException(reply.sentence());
            }
            return reply;
        } finally {
            Secrets.clear(bytes);
        }
    }
}
