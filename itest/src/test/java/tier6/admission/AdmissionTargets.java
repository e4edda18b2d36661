package tier6.admission;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tier6.itest.fuzz.Decoder;
import tier6.itest.fuzz.SanctumTargets;
import tier6.itest.fuzz.Target;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.crypto.Secrets;

/** Invitations, what is said at the door of a flock, and names. */
public final class AdmissionTargets {
    private static final long FLOCK = 0xc0ffee1234567800L;
    private static final int LONGEST_INVITATION = 1_024;
    private static final byte[] BINDING = new byte[Psk.BINDING_SIZE];

    private AdmissionTargets() {}

    public static List<Target> all() {
        RandomSource fixed = SanctumTargets.fixed();
        byte[] owner = Ed25519.generate(fixed);
        byte[] device = Ed25519.generate(fixed);
        byte[] fingerprint = Fingerprint.of(Ed25519.publicKey(owner));
        byte[] certificate = new NameCertificate(FLOCK, 2, 0x0a000002, 7, "laptop").sign(owner);
        try (Seat seat = new Seat(
                FLOCK,
                "home",
                2,
                0x0a000002,
                "laptop",
                fixed.bytes(32),
                fixed.bytes(32),
                Ed25519.publicKey(owner),
                certificate,
                FlockAddresses.pool(FLOCK, 0),
                true,
                4500,
                4501)) {
            return List.of(
                    new Target(
                            "invitations",
                            LONGEST_INVITATION,
                            List.of(invitation(fixed, fingerprint)),
                            random -> AdmissionTargets::invitation),
                    new Target(
                            "admission-frames",
                            Talk.MOST_REPLY,
                            List.of(new byte[] {0, 1, 1}),
                            random -> AdmissionTargets::frame),
                    new Target(
                            "admission-requests",
                            Talk.MOST_REQUEST,
                            List.of(request(device)),
                            random -> AdmissionTargets::request),
                    new Target(
                            "admission-replies",
                            Talk.MOST_REPLY,
                            List.of(
                                    reply(new Talk.Reply(Talk.Status.SEAT, null, seat), owner),
                                    reply(new Talk.Reply(Talk.Status.REFUSED, "no", null), owner),
                                    reply(new Talk.Reply(Talk.Status.WAIT, null, null), owner)),
                            random -> new Replies(fingerprint)),
                    new Target(
                            "names",
                            NameCertificate.MOST_BYTES + 1,
                            List.of(certificate),
                            random -> AdmissionTargets::name),
                    new Target(
                            "psk-identities",
                            16,
                            List.of(new Psk.Name(Psk.Kind.DEVICE, 7).bytes()),
                            random -> AdmissionTargets::identity));
        } catch (IOException e) {
            throw new IllegalStateException("the seeds are good", e);
        }
    }

    private static byte[] invitation(RandomSource random, byte[] fingerprint) {
        List<InetSocketAddress> servers = List.of(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 4500),
                InetSocketAddress.createUnresolved("door.example", 4500));
        try (InvitationText invitation = new InvitationText(servers, 7, random.bytes(32), fingerprint)) {
            return invitation.text();
        }
    }

    /** What is good is written as it was read, but for what people may add between the letters. */
    private static void invitation(byte[] input, int length) throws IOException {
        try (InvitationText invitation = InvitationText.parse(Target.whole(input, length))) {
            byte[] text = invitation.text();
            try (InvitationText again = InvitationText.parse(text)) {
                if (!Arrays.equals(again.text(), text)) {
                    throw new AssertionError("another invitation");
                }
            }
        } catch (AdmissionException e) {
            // Refused.
        }
    }

    private static void frame(byte[] input, int length) {
        try {
            Talk.receive(new ByteArrayInputStream(input, 0, length), Talk.MOST_REQUEST);
        } catch (IOException e) {
            // Refused.
        }
    }

    private static byte[] request(byte[] device) throws IOException {
        return Talk.request(new Talk.Request(Talk.Wish.JOIN, Ed25519.publicKey(device), "laptop"), device, BINDING);
    }

    private static void request(byte[] input, int length) {
        try {
            Talk.request(Target.whole(input, length), BINDING);
        } catch (IOException e) {
            // Refused.
        }
    }

    private static byte[] reply(Talk.Reply reply, byte[] owner) throws IOException {
        return Talk.reply(reply, Ed25519.publicKey(owner), data -> Ed25519.sign(owner, data), BINDING);
    }

    /** Replies to who knows the owner, as everybody does who has an invitation. */
    private record Replies(byte[] fingerprint) implements Decoder {
        @Override
        public void decode(byte[] input, int length) {
            byte[] bytes = Target.whole(input, length);
            try {
                Talk.Reply reply = Talk.reply(bytes, fingerprint, BINDING);
                if (reply.seat() != null) {
                    reply.seat().close();
                }
            } catch (IOException e) {
                // Refused.
            } finally {
                Secrets.clear(bytes);
            }
        }
    }

    private static void name(byte[] input, int length) {
        byte[] bytes = Target.whole(input, length);
        Optional<NameCertificate> name = NameCertificate.read(bytes);
        if (name.isPresent() && !NameCertificate.isName(name.get().name())) {
            throw new AssertionError("no name");
        }
    }

    private static void identity(byte[] input, int length) {
        Psk.Name name = Psk.Name.of(Target.whole(input, length));
        if (name != null && name.bytes().length != length) {
            throw new AssertionError("another length");
        }
    }
}
