package tier6.tap.linux.internal;

import com.sun.jna.Pointer;
import java.io.IOException;
import java.lang.System.Logger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import tier6.libc.Libc;

/**
 * One queue of a TAP: a descriptor of {@code /dev/net/tun} that is attached to an interface (Linux,
 * Documentation/networking/tuntap.rst). Several can be attached to one interface, also by different drivers, so that a
 * second one can take over before the first lets go.
 */
final class TunFile {
    private static final Logger LOG = System.getLogger(TunFile.class.getName());
    private static final String DEVICE = "/dev/net/tun";

    private static final long TUNSETIFF = 0x400454ca,
            TUNSETOWNER = 0x400454cc,
            TUNGETFEATURES = 0x800454cfL,
            TUNSETOFFLOAD = 0x400454d0,
            TUNGETIFF = 0x800454d2L,
            TUNSETVNETHDRSZ = 0x400454d8,
            TUNSETQUEUE = 0x400454d9;
    private static final int IFF_TAP = 0x0002, IFF_NO_PI = 0x1000, IFF_VNET_HDR = 0x4000, IFF_MULTI_QUEUE = 0x0100;
    private static final int IFF_DETACH_QUEUE = 0x0400;

    private final int fd;
    private final String name;
    private final boolean vnet;
    private final boolean multiQueue;

    private TunFile(int fd, ByteBuffer request) throws IOException {
        this.fd = fd;
        // An interface that is there already keeps its ways, whatever was asked for.
        long address = Libc.address(request);
        check(Libc.ioctl(fd, TUNGETIFF, address), "cannot ask for the interface");
        name = NetDevice.name(request);
        int flags = request.getShort(NetDevice.VALUE);
        vnet = (flags & IFF_VNET_HDR) != 0;
        multiQueue = (flags & IFF_MULTI_QUEUE) != 0;
        if (vnet) {
            request.putInt(0, Vnet.SIZE);
            check(Libc.ioctl(fd, TUNSETVNETHDRSZ, address), "cannot set the header's size");
        }
    }

    /**
     * Makes the interface {@code name}, or attaches to it.
     *
     * @param wantVnet whether frames shall carry {@link Vnet} headers, if the kernel can do that
     */
    static TunFile open(String name, boolean wantVnet) throws IOException {
        if (name.getBytes(StandardCharsets.UTF_8).length > NetDevice.NAME_MAX) {
            throw new IOException(
                    "the interface name " + name + " is too long: Linux takes " + NetDevice.NAME_MAX + " bytes");
        }
        int fd = Libc.open(DEVICE, Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        if (fd < 0) {
            throw new IOException(cannotOpen(Libc.errno()));
        }
        try {
            ByteBuffer request = Libc.allocate(NetDevice.IFREQ);
            long address = Libc.address(request);
            check(Libc.ioctl(fd, TUNGETFEATURES, address), "cannot ask for features");
            int features = request.getInt(0);
            int flags = IFF_TAP | IFF_NO_PI | features & IFF_MULTI_QUEUE | (wantVnet ? features & IFF_VNET_HDR : 0);
            int errno = attach(fd, request, name, flags);
            boolean single = errno == Libc.EINVAL; // perhaps made beforehand for a single queue
            if (single) {
                errno = attach(fd, request, name, flags & ~IFF_MULTI_QUEUE);
            }
            if (errno != 0) {
                throw new IOException(cannotAttach(name, errno, single));
            }
            return new TunFile(fd, request);
        } catch (IOException | RuntimeException e) {
            Libc.close(fd);
            throw e;
        }
    }

    private static int attach(int fd, ByteBuffer request, String name, int flags) {
        NetDevice.putName(request, name);
        request.putShort(NetDevice.VALUE, (short) flags);
        return Libc.ioctl(fd, TUNSETIFF, Libc.address(request)) < 0 ? Libc.errno() : 0;
    }

    private static String cannotOpen(int errno) {
        String remedy = switch (errno) {
            case Libc.ENOENT, Libc.ENODEV, Libc.ENXIO ->
                "the kernel has no TAP devices here: load the module "
                        + "(modprobe tun), or give the container the device (--device " + DEVICE + ")";
            case Libc.EACCES, Libc.EPERM ->
                "run as root, or let the user open it (chmod 0666 " + DEVICE
                        + "); making an interface takes CAP_NET_ADMIN, too";
            default -> "no remedy known";
        };
        return "cannot open " + DEVICE + ": " + Libc.message(errno) + ": " + remedy;
    }

    private static String cannotAttach(String name, int errno, boolean single) {
        String remedy = switch (errno) {
            case Libc.EPERM ->
                "run as root or with CAP_NET_ADMIN (systemd: AmbientCapabilities=CAP_NET_ADMIN), "
                        + "or have root make it beforehand: ip tuntap add " + name
                        + " mode tap multi_queue vnet_hdr user USER";
            case Libc.EBUSY ->
                single
                        ? "it has a single queue, and that is taken: two drivers, as at a swap, need one that root made so: "
                                + "ip tuntap add " + name + " mode tap multi_queue vnet_hdr user USER"
                        : "another program uses it: stop that, or choose another name";
            case Libc.EINVAL ->
                "an interface of that name is there and is no TAP device, "
                        + "or the name has characters that Linux forbids: choose another name";
            default -> "no remedy known";
        };
        return "cannot open the TAP device " + name + ": " + Libc.message(errno) + ": " + remedy;
    }

    private static void check(int result, String what) throws IOException {
        if (result < 0) {
            throw new IOException(what + " of the TAP device: " + Libc.message(Libc.errno()));
        }
    }

    int fd() {
        return fd;
    }

    /** The interface's name, which is not the one asked for if that was a pattern such as {@code tap%d}. */
    String name() {
        return name;
    }

    /** Whether frames carry {@link Vnet} headers. */
    boolean hasVnetHeader() {
        return vnet;
    }

    boolean isMultiQueue() {
        return multiQueue;
    }

    /**
     * Gives the queue no more frames, while the interface stays as it is for as long as this file is open. Returns whether
     * the system can do that, which takes {@link #isMultiQueue}.
     */
    boolean detach() {
        ByteBuffer request = Libc.allocate(NetDevice.IFREQ);
        request.putShort(NetDevice.VALUE, (short) IFF_DETACH_QUEUE);
        return multiQueue && Libc.ioctl(fd, TUNSETQUEUE, Libc.address(request)) == 0;
    }

    /** Lets {@code user} attach to the interface without privileges. */
    void owner(String user) throws IOException {
        Pointer entry = Libc.getpwnam(user);
        if (entry == null) {
            throw new IOException("there is no user " + user + " who could own " + name);
        }
        int uid = entry.getInt(LinuxPrivileges.UID);
        if (Libc.ioctl(fd, TUNSETOWNER, uid) < 0) {
            // The interface works all the same; only a later attach needs this.
            int errno = Libc.errno();
            LOG.log(Logger.Level.WARNING, "cannot give {0} to user {1}: {2}", name, user, Libc.message(errno));
        }
    }

    /** Asks for as many of {@code wanted} as the kernel can do, and says which those are. */
    Set<Offload> offload(Set<Offload> wanted) {
        EnumSet<Offload> asked = EnumSet.noneOf(Offload.class);
        if (!vnet) {
            return asked;
        }
        asked.addAll(wanted);
        if (!asked.contains(Offload.USO4) || !asked.contains(Offload.USO6)) {
            asked.remove(Offload.USO4);
            asked.remove(Offload.USO6);
        }
        if (Libc.ioctl(fd, TUNSETOFFLOAD, Offload.flags(asked)) == 0) {
            return asked;
        }
        // One by one: the newest are the first to be unknown.
        EnumSet<Offload> granted = EnumSet.noneOf(Offload.class);
        for (Offload one : asked) {
            granted.add(one);
            if (one == Offload.USO4) {
                granted.add(Offload.USO6);
            }
            if (Libc.ioctl(fd, TUNSETOFFLOAD, Offload.flags(granted)) < 0) {
                granted.remove(one);
                granted.remove(Offload.USO6);
            }
        }
        Libc.ioctl(fd, TUNSETOFFLOAD, Offload.flags(granted));
        LOG.log(Logger.Level.INFO, "{0}: the kernel offers {1} of the offloads {2}", name, granted, asked);
        return granted;
    }

    void close() {
        Libc.close(fd);
    }
}
