package tier6.discovery.cathedral.internal;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tier6.api.config.Setting;
import tier6.api.peer.PeerId;
import tier6.sanctum.file.Identity;

/**
 * The configuration, read.
 *
 * @param cathedralHost IPv4 literal or name
 * @param remembrance null if nothing shall be remembered
 * @param wishes what to ask for
 */
record Settings(
        long flock,
        int kekId,
        int csId,
        Path cs,
        Path cosk,
        String cathedralHost,
        int cathedralPort,
        Path remembrance,
        InetAddress local,
        Wishes wishes) {
    private static final long DOMAIN = 0xff;
    private static final int LARGEST_GROUP = 0xffff;
    private static final String PID = "tier6.discovery.cathedral";

    /**
     * Reads a configuration; looks at no file and asks no name service.
     *
     * @throws IllegalArgumentException naming the property and the remedy
     */
    static Settings parse(CathedralSource.Config config) {
        Setting where = setting("cathedral", config.cathedral()).required();
        String cathedral = where.value();
        int colon = cathedral.lastIndexOf(':');
        int port = colon < 1 ? 0 : port(cathedral.substring(colon + 1));
        if (port == 0) {
            throw where.wrong("write 192.0.2.1:4500");
        }
        Setting device = setting("kek.id", config.kek_id()).required();
        int kekId = (int) device.hex(2);
        if (kekId < 1 || kekId > Identity.MAX_KEK_ID) {
            throw device.wrong("write 01 to fe");
        }
        long flock = setting("flock", config.flock()).hex(16);
        return new Settings(
                flock,
                kekId,
                (int) setting("cs.id", config.cs_id()).required().hex(8),
                Path.of(setting("cs.path", config.cs_path()).required().value()),
                Path.of(setting("cosk.path", config.cosk_path()).required().value()),
                cathedral.substring(0, colon),
                port,
                config.remembrance().isBlank()
                        ? null
                        : Path.of(config.remembrance().strip()),
                setting("local", config.local()).local(),
                new Wishes(
                        group(config.group()),
                        config.hidden(),
                        config.shroud(),
                        tunnels(flock, config.tunnels(), kekId)));
    }

    private static int group(int group) {
        if (group < 0 || group > LARGEST_GROUP) {
            throw setting("group", "" + group).wrong("write a number from 0 to " + LARGEST_GROUP);
        }
        return group;
    }

    private static List<PeerId> tunnels(long flock, String[] lines, int own) {
        List<PeerId> tunnels = new ArrayList<>();
        for (String line : lines) {
            Setting tunnel = setting("tunnels", line);
            String[] words = tunnel.value().split("\\s+");
            if (words.length > 2) {
                throw tunnel.wrong("write KEK-ID or FLOCK KEK-ID");
            }
            long other =
                    words.length == 1 ? flock : setting("tunnels", words[0]).hex(16);
            int device = (int) setting("tunnels", words[words.length - 1]).hex(2);
            if (device < 1 || device > Identity.MAX_KEK_ID || other == flock && device == own) {
                throw tunnel.wrong("write the kek-id of another device, 01 to fe");
            }
            if ((other & DOMAIN) != (flock & DOMAIN)) {
                throw tunnel.wrong("cathedrals connect equal domains only; the last two digits are not those of flock");
            }
            tunnels.add(new PeerId(other, device));
        }
        return tunnels;
    }

    private static Setting setting(String name, String value) {
        return new Setting(PID, name, value);
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            return port > 0 && port <= 65535 ? port : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Reads the key files. */
    Identity identity() throws IOException {
        return Identity.load(flock, kekId, csId, cs, cosk, null);
    }

    /** Whether the cathedral has a name, behind which there may be another address one day. */
    boolean isNamed() {
        return !cathedralHost.matches("[\\d.]+");
    }

    /** Asks the name service, if the cathedral has a name. Blocks. */
    InetSocketAddress resolveCathedral() throws IOException {
        try {
            for (InetAddress address : InetAddress.getAllByName(cathedralHost)) {
                if (address instanceof Inet4Address) {
                    return new InetSocketAddress(address, cathedralPort);
                }
            }
        } catch (UnknownHostException e) {
            throw new IOException(
                    "no address for cathedral " + cathedralHost + "; check the name and the name service", e);
        }
        throw new IOException("cathedral " + cathedralHost + " has no IPv4 address, and the protocol knows no other");
    }
}
