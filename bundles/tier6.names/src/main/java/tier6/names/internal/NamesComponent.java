package tier6.names.internal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import tier6.admission.AddressQuery;
import tier6.api.event.NodeEvent;
import tier6.api.event.NodeListener;
import tier6.api.node.DeviceNames;
import tier6.api.vswitch.VirtualSwitch;

/**
 * The names of a flock on this host: tells and hears them, answers questions about them, and sees to it that the programs of
 * this host ask; and looks out for others that use its addresses, or those that are to be given to a device. It takes rights
 * that the node gives up later, and does without what it does not get.
 */
@Component(
        service = {NodeListener.class, DeviceNames.class, AddressQuery.class},
        immediate = true,
        configurationPid = "tier6.names",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class NamesComponent implements NodeListener, DeviceNames, AddressQuery {
    /** PID {@code tier6.names}. */
    @interface Config {
        String file();

        String tap_name();
    }

    private static final Logger LOG = System.getLogger("tier6.names");

    /** All of 127.0.0.0/8 is this host; several nodes of one host take one after the other. */
    private static final int MOST_NODES = 16;

    private static final long PATIENCE_SECONDS = 5;

    private final NameBook book;
    private final Announcer announcer;
    private final String tap;
    private NameServer server;
    private InetAddress address;
    private ResolvConf resolvConf;
    private Path word; // for a helper with more rights; null: there is none
    private VirtualSwitch vswitch; // guarded by this

    @Activate
    public NamesComponent(Config config) throws IOException {
        Path file = Path.of(config.file());
        tap = config.tap_name();
        book = new NameBook(file);
        announcer = new Announcer(book, file, new AddressWatch(tap));
        serve();
    }

    private void serve() {
        String mark = "tier6 " + tap;
        try {
            boolean resolved = isResolved();
            List<InetAddress> others =
                    Files.isReadable(ResolvConf.FILE) ? ResolvConf.servers(ResolvConf.FILE, mark) : List.of();
            open(others);
            String ownName = book.fullName(book.ownName());
            word = leaveWord();
            if (word != null) {
                LOG.log(
                        Level.INFO,
                        "this device is {0}; names are asked for at {1}, as {2} says",
                        ownName,
                        address.getHostAddress(),
                        word);
            } else if (resolved) {
                LOG.log(
                        Level.INFO,
                        "this device is {0}; names are asked for at {1}",
                        ownName,
                        address.getHostAddress());
            } else if (Files.isWritable(ResolvConf.FILE)) {
                resolvConf = new ResolvConf(ResolvConf.FILE, mark, address);
                LOG.log(
                        Level.INFO,
                        "this device is {0}; {1} names the server, {2}",
                        ownName,
                        ResolvConf.FILE,
                        address.getHostAddress());
            } else {
                LOG.log(
                        Level.WARNING,
                        "names are known at {0}, but {1} cannot be written: have root put ''nameserver {0}'' first"
                                + " there, or forward {2}.t6 to it",
                        address.getHostAddress(),
                        ResolvConf.FILE,
                        book.flockName());
            }
        } catch (IOException e) {
            LOG.log(
                    Level.WARNING,
                    "names cannot be asked for here: {0}; port 53 takes root or CAP_NET_BIND_SERVICE",
                    e.getMessage());
        }
    }

    private void open(List<InetAddress> others) throws IOException {
        for (int n = 1; server == null; n++) {
            address = InetAddress.getByAddress(new byte[] {127, 6, 0, (byte) n});
            try {
                server = new NameServer(book, address, others);
            } catch (BindException e) {
                boolean taken = String.valueOf(e.getMessage()).contains("in use");
                if (!taken || n == MOST_NODES) {
                    throw e;
                }
            }
        }
    }

    /**
     * Writes where names are asked for, and which, into the directory that a service has for its runtime ({@code
     * RUNTIME_DIRECTORY}), if this node may not tell this host itself: what the Debian package's unit starts beside it may.
     */
    private Path leaveWord() throws IOException {
        String runtime = System.getenv("RUNTIME_DIRECTORY");
        return runtime == null || Files.isWritable(ResolvConf.FILE)
                ? null
                : Files.writeString(
                        Path.of(runtime.split(":")[0], "names"),
                        address.getHostAddress() + " " + book.flockName() + ".t6\n");
    }

    private static boolean isResolved() {
        return Files.isDirectory(Path.of("/run/systemd/resolve")) && Files.exists(Path.of("/usr/bin/resolvectl"));
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    synchronized void bindSwitch(VirtualSwitch next) {
        vswitch = next;
        announcer.vswitch(next);
    }

    synchronized void unbindSwitch(VirtualSwitch old) {
        if (vswitch == old) {
            vswitch = null;
            announcer.vswitch(null);
        }
    }

    @Override
    public void event(NodeEvent event) {
        if (event instanceof NodeEvent.TunnelUp up) {
            // Whose keys are new may have started anew, and know no names.
            announcer.soon();
            if (!up.renewed()) {
                announcer.probe();
            }
        } else if (event instanceof NodeEvent.TapOpened opened && server != null && word == null && isResolved()) {
            String zone = "~" + book.flockName() + ".t6";
            boolean told = resolvectl("dns", opened.name(), address.getHostAddress())
                    && resolvectl("domain", opened.name(), zone);
            if (!told) {
                LOG.log(
                        Level.WARNING,
                        "systemd-resolved was not told of the names: have root run"
                                + " ''resolvectl dns {0} {1}; resolvectl domain {0} {2}''",
                        opened.name(),
                        address.getHostAddress(),
                        zone);
            }
        }
    }

    @Override
    public List<DeviceNames.Device> devices() {
        return book.devices();
    }

    @Override
    public Optional<String> user(InetAddress address) throws InterruptedException {
        return announcer.ask(address).map(AddressWatch::who);
    }

    /** It forgets by itself when the interface goes. */
    private static boolean resolvectl(String... words) {
        try {
            Process process = new ProcessBuilder(Stream.concat(Stream.of("resolvectl"), Stream.of(words))
                            .toList())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Deactivate
    void stop() throws IOException {
        if (resolvConf != null) {
            resolvConf.close();
        }
        if (word != null) {
            Files.deleteIfExists(word);
        }
        if (server != null) {
            server.close();
        }
        announcer.close();
    }
}
