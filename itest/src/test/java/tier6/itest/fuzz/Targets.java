package tier6.itest.fuzz;

import java.util.ArrayList;
import java.util.List;
import tier6.admission.AdmissionTargets;
import tier6.cathedral.CathedralTargets;
import tier6.config.ConfigTargets;
import tier6.discovery.cathedral.internal.DiscoveryTargets;
import tier6.discovery.lan.internal.LanTargets;
import tier6.discovery.reliquary.ReliquaryTargets;
import tier6.names.internal.NamesTargets;
import tier6.sanctum.file.FileTargets;
import tier6.tap.linux.internal.LinuxTapTargets;
import tier6.transport.sanctum.internal.TransportTargets;

/**
 * Every decoder of the project that takes bytes from outside. Those that only their own package can see are listed by a class
 * of that package.
 */
final class Targets {
    private Targets() {}

    static List<Target> all() {
        List<Target> all = new ArrayList<>();
        all.addAll(SanctumTargets.all());
        all.addAll(FileTargets.all());
        all.addAll(CathedralTargets.all());
        all.addAll(ConfigTargets.all());
        all.addAll(DiscoveryTargets.all());
        all.addAll(ReliquaryTargets.all());
        all.addAll(AdmissionTargets.all());
        all.addAll(NamesTargets.all());
        all.addAll(LanTargets.all());
        all.addAll(TransportTargets.all());
        all.addAll(LinuxTapTargets.all());
        all.add(MemoryHostTarget.target());
        return all;
    }
}
