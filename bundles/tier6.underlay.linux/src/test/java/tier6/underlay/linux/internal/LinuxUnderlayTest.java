package tier6.underlay.linux.internal;

import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import tier6.api.contract.UnderlayContract;
import tier6.api.underlay.Underlay;

@EnabledOnOs(OS.LINUX)
class LinuxUnderlayTest extends UnderlayContract {
    @Override
    protected Underlay underlay() {
        return new LinuxUnderlay();
    }
}
