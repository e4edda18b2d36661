package tier6.names.internal;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import org.minidns.dnsmessage.DnsMessage;
import org.minidns.dnsmessage.Question;
import org.minidns.dnsname.DnsName;
import org.minidns.record.A;
import org.minidns.record.AAAA;
import org.minidns.record.Data;
import org.minidns.record.PTR;
import org.minidns.record.Record;
import tier6.admission.NameCertificate;

/** What questions about a flock are answered (RFC 1035). Any thread. */
final class Answers {
    /** Names change when people want it. */
    private static final int TTL = 10;

    private final NameBook book;

    Answers(NameBook book) {
        this.book = book;
    }

    /**
     * The answer to a question about the flock; null if it is about something else.
     *
     * @throws IOException if it is no question
     */
    byte[] answer(byte[] query) throws IOException {
        DnsMessage message = read(query);
        if (message.qr || message.questions.size() != 1 || message.opcode != DnsMessage.OPCODE.QUERY) {
            return null;
        }
        Question question = message.questions.get(0);
        if (question.type == null || question.clazz != Record.CLASS.IN) {
            return null;
        }
        String name = question.name.ace.toLowerCase(Locale.ROOT);
        String zone = book.flockName() + ".t6";
        if (name.equals(zone) || name.endsWith("." + zone)) {
            String device = name.equals(zone) ? "" : name.substring(0, name.length() - zone.length() - 1);
            Optional<NameCertificate> found = book.find(device);
            DnsMessage.Builder reply = reply(
                    message,
                    found.isPresent() || device.isEmpty()
                            ? DnsMessage.RESPONSE_CODE.NO_ERROR
                            : DnsMessage.RESPONSE_CODE.NX_DOMAIN);
            found.ifPresent(
                    certificate -> book.addresses(certificate).forEach(address -> add(reply, question, address)));
            return reply.build().toArray();
        }
        Optional<NameCertificate> owner =
                question.type == Record.TYPE.PTR ? ReverseNames.address(name).flatMap(book::find) : Optional.empty();
        if (owner.isEmpty()) {
            return null;
        }
        return reply(message, DnsMessage.RESPONSE_CODE.NO_ERROR)
                .addAnswer(record(question, Record.TYPE.PTR, pointer(owner.get().name() + "." + zone)))
                .build()
                .toArray();
    }

    /**
     * The library trusts the lengths and pointers in a message, and fails of wrong ones in many ways; where assertions are
     * enabled, by those, too.
     */
    private static DnsMessage read(byte[] query) throws IOException {
        try {
            return new DnsMessage(query);
        } catch (RuntimeException | AssertionError e) {
            throw new IOException("this is no question", e);
        }
    }

    /** The library makes these out of bytes only. */
    private static PTR pointer(String name) throws IOException {
        byte[] bytes = DnsName.from(name).getBytes();
        return PTR.parse(new DataInputStream(new ByteArrayInputStream(bytes)), bytes);
    }

    /** Says that nobody knows. */
    static byte[] failure(byte[] query) throws IOException {
        return reply(read(query), DnsMessage.RESPONSE_CODE.SERVER_FAIL).build().toArray();
    }

    private static DnsMessage.Builder reply(DnsMessage query, DnsMessage.RESPONSE_CODE code) {
        return DnsMessage.builder()
                .setId(query.id)
                .setQrFlag(true)
                .setOpcode(query.opcode)
                .setAuthoritativeAnswer(code != DnsMessage.RESPONSE_CODE.SERVER_FAIL)
                .setRecursionDesired(query.recursionDesired)
                .setRecursionAvailable(true)
                .setResponseCode(code)
                .setQuestions(query.questions);
    }

    private static void add(DnsMessage.Builder reply, Question question, InetAddress address) {
        boolean any = question.type == Record.TYPE.ANY;
        if (address instanceof Inet4Address four && (any || question.type == Record.TYPE.A)) {
            reply.addAnswer(record(question, Record.TYPE.A, new A(four.getAddress())));
        } else if (address instanceof Inet6Address six && (any || question.type == Record.TYPE.AAAA)) {
            reply.addAnswer(record(question, Record.TYPE.AAAA, new AAAA(six.getAddress())));
        }
    }

    private static <D extends Data> Record<D> record(Question question, Record.TYPE type, D data) {
        return new Record<>(question.name, type, Record.CLASS.IN, TTL, data, false);
    }
}
