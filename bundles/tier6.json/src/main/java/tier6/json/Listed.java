package tier6.json;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import tier6.api.discovery.CathedralDirectory;
import tier6.api.discovery.CathedralStatus;
import tier6.api.vswitch.MacEntry;
import tier6.api.vswitch.VirtualSwitch;

/** What a node knows, in the order in which everybody shows it. */
public final class Listed {
    private Listed() {}

    /** The cathedrals of all directories. */
    public static List<CathedralStatus> cathedrals(Collection<CathedralDirectory> directories) {
        return directories.stream()
                .flatMap(directory -> directory.cathedrals().stream())
                .toList();
    }

    /** The addresses that a switch has learned, by port. */
    public static List<MacEntry> macs(VirtualSwitch vswitch) {
        return vswitch.macs().stream()
                .sorted(Comparator.comparing(MacEntry::port).thenComparingLong(MacEntry::mac))
                .toList();
    }
}
