package tier6.cathedral.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tier6.underlay.nio.internal.NioUnderlay;

class CathedralComponentTest {
    /** The component's configuration: these values, and its own defaults. */
    private static CathedralComponent.Config config(Map<String, String> values) {
        return (CathedralComponent.Config) Proxy.newProxyInstance(
                CathedralComponentTest.class.getClassLoader(),
                new Class<?>[] {CathedralComponent.Config.class},
                (proxy, method, arguments) -> value(values, method));
    }

    private static Object value(Map<String, String> values, Method method) {
        return method.getReturnType() == Class.class
                ? Annotation.class
                : values.containsKey(method.getName()) ? values.get(method.getName()) : method.getDefaultValue();
    }

    @Test
    void beginsWhenItsPortIsFreeAndComplainsOnce(@TempDir Path directory) throws Exception {
        List<String> errors = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                if (line.getLevel().equals(Level.SEVERE)) {
                    errors.add(line.getMessage());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger log = Logger.getLogger("tier6.cathedral");
        log.addHandler(handler);
        int port;
        CathedralComponent component;
        try (DatagramSocket other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            port = other.getLocalPort();
            component = new CathedralComponent(
                    new NioUnderlay(),
                    config(Map.of(
                            "local", "127.0.0.1:" + port,
                            "secretdir", directory.toString(),
                            "settings",
                                    Files.createFile(directory.resolve("settings"))
                                            .toString())));
            assertEquals(1, errors.size(), errors.toString());
        }
        try {
            boolean taken = false;
            for (int i = 0; i < 300 && !taken; i++) {
                Thread.sleep(100);
                taken = isTaken(port);
            }
            assertTrue(taken, "it has its port now");
            assertEquals(1, errors.size(), errors.toString());
        } finally {
            component.stop();
            log.removeHandler(handler);
        }
    }

    /** Asks without being in its way for longer than a moment. */
    private static boolean isTaken(int port) throws Exception {
        try (DatagramSocket probe = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
            return !probe.isBound();
        } catch (BindException e) {
            return true;
        }
    }
}
