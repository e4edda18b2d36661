package tier6.api.node;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import tier6.api.peer.PeerId;

/** What the devices of a flock are called, as far as this node has heard. Any thread; snapshots, not live views. */
@ProviderType
public interface DeviceNames {
    /** Every device whose name is known, this one too, in the order of their ids; no two are called the same. */
    List<Device> devices();

    /**
     * The device that somebody means.
     *
     * @param word its name, alone or with that of the flock, such as {@code laptop} or {@code laptop.home.t6}
     */
    default Optional<Device> find(String word) {
        String name = word.toLowerCase(Locale.ROOT);
        return devices().stream()
                .filter(device -> name.equals(device.name()) || name.equals(device.fullName()))
                .findFirst();
    }

    /**
     * A device that has a name.
     *
     * @param id which device
     * @param name a label of a host name
     * @param fullName the same within the name service, such as {@code laptop.home.t6}
     * @param addresses its IP addresses in the flock, without their prefixes
     */
    record Device(PeerId id, String name, String fullName, List<InetAddress> addresses) {
        /** Keeps a copy of the addresses. */
        public Device {
            addresses = List.copyOf(addresses);
        }
    }
}
