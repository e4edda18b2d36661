package tier6.admission;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Vector;
import org.bouncycastle.tls.AbstractTlsClient;
import org.bouncycastle.tls.AbstractTlsServer;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.BasicTlsPSKExternal;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.PRFAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.PskIdentity;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsPSK;
import org.bouncycastle.tls.TlsPSKExternal;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import tier6.sanctum.crypto.Secrets;

/**
 * TLS 1.3 (RFC 8446) with a key that both sides have beforehand and, for forward secrecy, an exchange of X25519 and
 * ML-KEM-768 keys; nothing else is spoken. There are no certificates: who does not know the key is nobody.
 */
final class Psk {
    /** Bytes that both sides of one connection know and nobody else, to be signed. */
    static final int BINDING_SIZE = 32;

    private static final String EXPORTER = "EXPORTER-tier6-admission";
    private static final int[] CIPHER_SUITES = {CipherSuite.TLS_AES_256_GCM_SHA384};
    private static final int PRF = PRFAlgorithm.tls13_hkdf_sha384;
    private static final int GROUP = NamedGroup.X25519MLKEM768;

    /** Whose key it is: who was invited, or who is in already. */
    enum Kind {
        INVITATION,
        DEVICE
    }

    /** Names a key, on the wire as {@code tier6}, a byte for the kind and the number. */
    record Name(Kind kind, int id) {
        private static final byte[] PREFIX = {'t', 'i', 'e', 'r', '6'};
        private static final int SIZE = PREFIX.length + 1 + Integer.BYTES;

        byte[] bytes() {
            return ByteBuffer.allocate(SIZE)
                    .put(PREFIX)
                    .put((byte) kind.ordinal())
                    .putInt(id)
                    .array();
        }

        /** Null if the bytes name nothing of ours. */
        static Name of(byte[] bytes) {
            boolean ours =
                    bytes.length == SIZE && bytes[PREFIX.length] >= 0 && bytes[PREFIX.length] < Kind.values().length;
            if (!ours) {
                return null;
            }
            return new Name(
                    Kind.values()[bytes[PREFIX.length]], ByteBuffer.wrap(bytes).getInt(PREFIX.length + 1));
        }
    }

    private Psk() {}

    private static TlsCrypto crypto() {
        return new BcTlsCrypto(new SecureRandom());
    }

    private static BasicTlsPSKExternal external(TlsCrypto crypto, Name name, byte[] key) {
        // The library copies the key and clears its copy.
        return new BasicTlsPSKExternal(name.bytes(), crypto.createSecret(key), PRF);
    }

    private static byte[] binding(TlsContext context) {
        return context.exportKeyingMaterial(EXPORTER, null, BINDING_SIZE);
    }

    /** The side of who asks. */
    static final class Client extends AbstractTlsClient {
        private final Name name;
        private final byte[] key;
        private byte[] binding;
        private boolean proven;

        Client(Name name, byte[] key) {
            super(crypto());
            this.name = name;
            this.key = key;
        }

        /** Once the handshake is over. */
        byte[] binding() {
            return binding;
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return ProtocolVersion.TLSv13.only();
        }

        @Override
        protected int[] getSupportedCipherSuites() {
            return CIPHER_SUITES.clone();
        }

        @Override
        protected Vector<Integer> getSupportedGroups(@SuppressWarnings("rawtypes") Vector roles) {
            return groups();
        }

        @Override
        public Vector<Integer> getEarlyKeyShareGroups() {
            return groups();
        }

        private static Vector<Integer> groups() {
            Vector<Integer> groups = new Vector<>();
            groups.add(GROUP);
            return groups;
        }

        @Override
        public Vector<TlsPSKExternal> getExternalPSKs() {
            Vector<TlsPSKExternal> keys = new Vector<>();
            keys.add(external(getCrypto(), name, key));
            return keys;
        }

        @Override
        public void notifySelectedPSK(TlsPSK selected) throws IOException {
            proven = selected != null;
        }

        @Override
        public void notifyHandshakeComplete() throws IOException {
            super.notifyHandshakeComplete();
            if (!proven) {
                throw new TlsFatalAlert(AlertDescription.handshake_failure);
            }
            binding = Psk.binding(context);
        }

        @Override
        public TlsAuthentication getAuthentication() throws IOException {
            // A certificate instead of the key: not who invited us.
            throw new TlsFatalAlert(AlertDescription.handshake_failure);
        }
    }

    /** Knows keys by their names. */
    @FunctionalInterface
    interface Keys {
        /** Null if there is no such key. The caller clears it. */
        byte[] find(Name name) throws IOException;
    }

    /** The side of who is asked. */
    static final class Server extends AbstractTlsServer {
        private static final int MOST_IDENTITIES = 2;

        private final Keys keys;
        private Name name;
        private byte[] binding;

        Server(Keys keys) {
            super(crypto());
            this.keys = keys;
        }

        /** Who it is, once the handshake is over. */
        Name name() {
            return name;
        }

        /** Once the handshake is over. */
        byte[] binding() {
            return binding;
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return ProtocolVersion.TLSv13.only();
        }

        @Override
        protected int[] getSupportedCipherSuites() {
            return CIPHER_SUITES.clone();
        }

        @Override
        public int[] getSupportedGroups() {
            return new int[] {GROUP};
        }

        @Override
        public TlsPSKExternal getExternalPSK(@SuppressWarnings("rawtypes") Vector identities) {
            for (int i = 0; i < Math.min(identities.size(), MOST_IDENTITIES); i++) {
                Name asked = Name.of(((PskIdentity) identities.get(i)).getIdentity());
                byte[] key = asked == null ? null : find(asked);
                if (key != null) {
                    name = asked;
                    try {
                        return external(getCrypto(), asked, key);
                    } finally {
                        Secrets.clear(key);
                    }
                }
            }
            return null;
        }

        private byte[] find(Name asked) {
            try {
                return keys.find(asked);
            } catch (IOException e) {
                return null;
            }
        }

        @Override
        public TlsCredentials getCredentials() throws IOException {
            // Nobody comes in without a key.
            throw new TlsFatalAlert(AlertDescription.unknown_psk_identity);
        }

        @Override
        public void notifyHandshakeComplete() throws IOException {
            super.notifyHandshakeComplete();
            binding = Psk.binding(context);
        }
    }
}
