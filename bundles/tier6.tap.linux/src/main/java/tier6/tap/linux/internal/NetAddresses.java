package tier6.tap.linux.internal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Inet6Address;
import java.nio.ByteBuffer;
import java.util.List;
import tier6.api.tap.TapConfig;
import tier6.libc.Libc;

/** Gives IP addresses to an interface, by rtnetlink(7). */
final class NetAddresses {
    private static final Logger LOG = System.getLogger("tier6.tap.linux");

    private static final int AF_INET6 = 10, AF_NETLINK = 16, SOCK_RAW = 3;
    private static final short RTM_NEWADDR = 20, NLMSG_ERROR = 2;
    private static final short NLM_F_REQUEST = 1, NLM_F_ACK = 4, NLM_F_REPLACE = 0x100, NLM_F_CREATE = 0x400;
    private static final short IFA_ADDRESS = 1, IFA_LOCAL = 2, IFA_BROADCAST = 4, IFA_FLAGS = 8;

    /** Nobody could answer duplicate address detection before there are links, and meanwhile the address would not work. */
    private static final int IFA_F_NODAD = 2;

    /** Bytes of {@code struct nlmsghdr}, and where the error is in the answer. */
    private static final int HEADER = 16, ERROR = HEADER;

    /** A {@code /31} or longer has no broadcast address. */
    private static final int LONGEST_WITH_BROADCAST = 30;

    private static final int ROOM = 256;

    private NetAddresses() {}

    /**
     * Adds addresses to those that the interface has. One that cannot be added is told in the log: an interface without it
     * still carries frames.
     *
     * @throws IOException if the kernel cannot be asked at all
     */
    static void add(String name, int index, List<TapConfig.Address> addresses) throws IOException {
        if (addresses.isEmpty()) {
            return;
        }
        int socket = Libc.socket(AF_NETLINK, SOCK_RAW | Libc.O_CLOEXEC, 0);
        if (socket < 0) {
            throw new IOException("cannot make a netlink socket: " + Libc.message(Libc.errno()));
        }
        try {
            for (TapConfig.Address address : addresses) {
                int errno = ask(socket, request(index, address));
                if (errno != 0) {
                    LOG.log(
                            Level.WARNING,
                            "cannot give {0} the address {1}: {2}; have root run: ip address replace {1} dev {0}",
                            name,
                            address,
                            Libc.message(errno));
                }
            }
        } finally {
            Libc.close(socket);
        }
    }

    /** Sends a request; returns the number of the error that the kernel answers, 0 for none. */
    private static int ask(int socket, ByteBuffer request) throws IOException {
        ByteBuffer answer = Libc.allocate(ROOM);
        if (Libc.write(socket, Libc.address(request), request.limit()) < 0
                || Libc.read(socket, Libc.address(answer), ROOM) < ERROR + Integer.BYTES) {
            throw new IOException("cannot ask the kernel: " + Libc.message(Libc.errno()));
        }
        if (answer.getShort(Integer.BYTES) != NLMSG_ERROR) {
            throw new IOException("the kernel answers with message " + answer.getShort(Integer.BYTES));
        }
        return -answer.getInt(ERROR);
    }

    private static ByteBuffer request(int index, TapConfig.Address address) {
        byte[] ip = address.ip().getAddress();
        boolean six = address.ip() instanceof Inet6Address;
        ByteBuffer message = Libc.allocate(ROOM);
        message.putInt(0)
                .putShort(RTM_NEWADDR)
                .putShort((short) (NLM_F_REQUEST | NLM_F_ACK | NLM_F_REPLACE | NLM_F_CREATE))
                .putInt(1)
                .putInt(0);
        message.put((byte) (six ? AF_INET6 : Libc.AF_INET))
                .put((byte) address.prefix())
                .put((byte) 0)
                .put((byte) 0)
                .putInt(index);
        attribute(message, IFA_LOCAL, ip);
        attribute(message, IFA_ADDRESS, ip);
        if (six) {
            attribute(message, IFA_FLAGS, Libc.allocate(Integer.BYTES).putInt(IFA_F_NODAD));
        } else if (address.prefix() <= LONGEST_WITH_BROADCAST) {
            int hosts = (1 << Integer.SIZE - address.prefix()) - 1;
            int broadcast = ByteBuffer.wrap(ip).getInt() | hosts;
            attribute(
                    message,
                    IFA_BROADCAST,
                    ByteBuffer.allocate(Integer.BYTES).putInt(broadcast).array());
        }
        message.flip();
        return message.putInt(0, message.limit());
    }

    private static void attribute(ByteBuffer message, short type, byte[] value) {
        attribute(message, type, ByteBuffer.wrap(value).position(value.length));
    }

    /** Every value here has a length that is a multiple of four, so that nothing has to be padded. */
    private static void attribute(ByteBuffer message, short type, ByteBuffer value) {
        value.flip();
        message.putShort((short) (2 * Short.BYTES + value.limit()))
                .putShort(type)
                .put(value);
    }
}
