package tier6.names.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tier6.admission.Fields;
import tier6.admission.FlockAddresses;
import tier6.admission.NameCertificate;
import tier6.api.node.DeviceNames;
import tier6.api.peer.PeerId;
import tier6.api.tap.TapConfig;
import tier6.sanctum.kdf.Flocks;

/**
 * What devices of the flock are called, as far as it was heard: for each number the certificate with the highest serial
 * number. So there are at most as many as a flock has devices. Any thread.
 */
final class NameBook {
    /** What became of a certificate that was heard. */
    enum Heard {
        /** It says something that was not known. */
        NEWS,
        /** It is known, or older than what is. */
        KNOWN,
        /** It is none, of another flock, or not signed by the owner. */
        BAD
    }

    private record Entry(NameCertificate certificate, byte[] bytes) {}

    private final String flockName;
    private final FlockAddresses addresses;
    private final byte[] owner;
    private final Map<Integer, Entry> entries = new HashMap<>(); // by kek-id; guarded by this
    private Entry own; // guarded by this

    /** Reads what {@code tier6 join} wrote. */
    NameBook(Path file) throws IOException {
        Fields fields = Fields.read(file);
        flockName = fields.text("flock-name");
        addresses = new FlockAddresses(fields.hex("flock"), (int) fields.hex("pool"));
        owner = HexFormat.of().parseHex(fields.text("owner"));
        if (!NameCertificate.isName(flockName)) {
            throw new IOException(file + " does not say what the flock is called: 'tier6 join' writes it");
        }
        readOwn(fields, file);
    }

    /** Reads the own certificate again. */
    void readOwn(Path file) throws IOException {
        readOwn(Fields.read(file), file);
    }

    private synchronized void readOwn(Fields fields, Path file) throws IOException {
        byte[] bytes = HexFormat.of().parseHex(fields.text("certificate"));
        NameCertificate certificate = NameCertificate.verify(bytes, owner)
                .orElseThrow(() -> new IOException(file + " has no certificate of the flock's owner in it"));
        own = new Entry(certificate, bytes);
        entries.put(certificate.kekId(), own);
    }

    /** What others are told. */
    synchronized byte[] own() {
        return own.bytes();
    }

    /** The own name. */
    synchronized NameCertificate ownName() {
        return own.certificate();
    }

    String flockName() {
        return flockName;
    }

    /** Whether a certificate is known byte for byte, in which case there is nothing to verify. */
    synchronized boolean knows(byte[] bytes) {
        return NameCertificate.read(bytes)
                .map(certificate -> entries.get(certificate.kekId()))
                .filter(entry -> Arrays.equals(entry.bytes(), bytes))
                .isPresent();
    }

    /** Takes note of a certificate. Verifies a signature. */
    Heard hear(byte[] bytes) {
        Optional<NameCertificate> verified = NameCertificate.verify(bytes, owner)
                .filter(certificate -> certificate.flock() == Flocks.mask(addresses.flock()));
        if (verified.isEmpty()) {
            return Heard.BAD;
        }
        NameCertificate certificate = verified.get();
        synchronized (this) {
            Entry before = entries.get(certificate.kekId());
            if (before == own && own.certificate().kekId() == certificate.kekId()
                    || before != null
                            && Integer.compareUnsigned(before.certificate().serial(), certificate.serial()) >= 0) {
                return Heard.KNOWN;
            }
            entries.put(certificate.kekId(), new Entry(certificate, bytes));
            return Heard.NEWS;
        }
    }

    /** Whom a name belongs to; of two who were called so at different times, the one who is now. */
    synchronized Optional<NameCertificate> find(String name) {
        return entries.values().stream()
                .map(Entry::certificate)
                .filter(certificate -> certificate.name().equals(name))
                .max(Comparator.comparing(certificate -> Integer.toUnsignedLong(certificate.serial())));
    }

    /** Whom an address belongs to. */
    synchronized Optional<NameCertificate> find(InetAddress address) {
        return entries.values().stream()
                .map(Entry::certificate)
                .filter(certificate -> addresses(certificate).contains(address))
                .findFirst();
    }

    /** The devices by their names, in the order of their numbers. */
    synchronized List<DeviceNames.Device> devices() {
        return entries.values().stream()
                .map(Entry::certificate)
                .filter(certificate -> find(certificate.name()).equals(Optional.of(certificate)))
                .sorted(Comparator.comparing(NameCertificate::kekId))
                .map(certificate -> new DeviceNames.Device(
                        new PeerId(addresses.flock(), certificate.kekId()),
                        certificate.name(),
                        fullName(certificate),
                        addresses(certificate)))
                .toList();
    }

    /** The name of a device within the name service. */
    String fullName(NameCertificate certificate) {
        return certificate.name() + "." + flockName + ".t6";
    }

    /** The addresses of a device. */
    List<InetAddress> addresses(NameCertificate certificate) {
        return addresses.of(certificate.kekId(), certificate.csId()).stream()
                .map(TapConfig.Address::ip)
                .toList();
    }

    /** How many are known. */
    synchronized int size() {
        return entries.size();
    }
}
