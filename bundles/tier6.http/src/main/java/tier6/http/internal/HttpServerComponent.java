package tier6.http.internal;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import tier6.json.Text;

/**
 * The server. Every service {@link HttpHandler} with the property {@value #PATH} answers what lies at and below that path;
 * who asks must have the token, unless the service has {@value #OPEN}{@code =true}. Handlers are called by several threads
 * at once and need not close the exchange.
 */
@Component(
        service = {},
        configurationPid = HttpServerComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = HttpConfig.class)
public final class HttpServerComponent {
    static final String PID = "tier6.http";
    static final String PATH = "tier6.http.path";
    static final String OPEN = "tier6.http.open";

    private static final Logger LOG = System.getLogger("tier6.http");

    /** Each stream of events takes one for itself. */
    private static final int MOST_THREADS = EventStream.MOST + 8;

    private static final int MOST_WAITING = 64;
    private static final int IDLE_SECONDS = 10;

    /** The server of the JDK reads these once: seconds that a request may take to arrive, and lines of its head. */
    private static final Map<String, String> BOUNDS =
            Map.of("sun.net.httpserver.maxReqTime", "20", "sun.net.httpserver.maxReqHeaders", "64");

    private final Token token;
    private final Router router;
    private final HttpServer server;
    private final ThreadPoolExecutor threads = threads();

    @Activate
    public HttpServerComponent(HttpConfig config) throws IOException {
        try {
            InetSocketAddress listen = address(config);
            Path file = config.token_path().isBlank() ? TokenPlace.usual() : Path.of(config.token_path());
            token = Token.of(file);
            BOUNDS.forEach((name, value) -> System.getProperties().putIfAbsent(name, value));
            server = HttpServer.create(listen, 0);
            LOG.log(Level.INFO, "http://" + Text.of(server.getAddress()) + "/ is served; the token is in " + file);
        } catch (IOException e) {
            LOG.log(Level.ERROR, "no HTTP: " + e.getMessage());
            throw e;
        }
        // A browser has one jar of cookies for all ports of a host.
        String cookie = "tier6-" + server.getAddress().getPort();
        Sessions sessions = new Sessions(System::nanoTime);
        Guard guard = new Guard(
                token,
                sessions,
                cookie,
                Arrays.stream(config.names())
                        .map(name -> name.strip().toLowerCase(Locale.ROOT))
                        .collect(Collectors.toUnmodifiableSet()));
        router = new Router(guard);
        router.add(new Router.Route(Login.PATH, false, new Login(sessions, guard, cookie)));
        server.createContext("/", router);
        server.setExecutor(threads);
        server.start();
    }

    private static InetSocketAddress address(HttpConfig config) throws IOException {
        String listen = config.listen().strip();
        int colon = listen.lastIndexOf(':');
        if (colon < 0 || !listen.substring(colon + 1).matches("\\d{1,5}")) {
            throw new IOException("'" + listen + "' has no port; write ADDRESS:PORT, such as 127.0.0.1:8086");
        }
        InetAddress address = InetAddress.getByName(listen.substring(0, colon));
        if (!address.isLoopbackAddress() && !config.remote()) {
            throw new IOException("other hosts can reach " + listen + ", and nothing is encrypted; if that is meant,"
                    + " add the line: http-remote yes");
        }
        return new InetSocketAddress(address, Integer.parseInt(listen.substring(colon + 1)));
    }

    private static ThreadPoolExecutor threads() {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                MOST_THREADS,
                MOST_THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING),
                task -> {
                    Thread thread = new Thread(task, "tier6-http-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            target = "(" + PATH + "=*)")
    void addHandler(HttpHandler handler, Map<String, Object> properties) {
        boolean open = Boolean.parseBoolean(String.valueOf(properties.get(OPEN)));
        router.add(new Router.Route(properties.get(PATH).toString(), open, handler));
    }

    void removeHandler(HttpHandler handler) {
        router.remove(handler);
    }

    @Deactivate
    void stop() {
        server.stop(0);
        threads.shutdownNow();
        token.clear();
    }
}
