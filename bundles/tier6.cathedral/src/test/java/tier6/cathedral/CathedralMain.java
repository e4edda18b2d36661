package tier6.cathedral;

import java.io.IOException;
import java.nio.file.Path;
import tier6.underlay.nio.internal.NioUnderlay;

/** A cathedral from a configuration file, without OSGi: for trying it against other programs. */
final class CathedralMain {
    private CathedralMain() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        try (Cathedral cathedral = Cathedral.start(CathedralConf.read(Path.of(args[0])), new NioUnderlay())) {
            for (int second = 0; ; second++) {
                Thread.sleep(1000);
                if (second % 10 == 9) {
                    System.out.println(
                            cathedral.status() + " " + cathedral.counters().snapshot());
                }
            }
        } catch (CathedralConf.Faulty e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }
}
