package tier6.control.internal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.threadio.ThreadIO;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import tier6.control.Message;
import tier6.control.Places;
import tier6.control.Wire;

/**
 * Runs the commands of whoever connects to a Unix domain socket. It opens as soon as this bundle starts, which is before the
 * node gives up its privileges.
 */
@Component(configurationPid = "tier6.control")
public final class ControlSocket {
    private static final Logger LOG = System.getLogger("tier6.control");
    private static final int MOST_CLIENTS = 16;
    private static final long STOP_MILLIS = 2_000;

    /** See the table in tier6.api's README. */
    @ObjectClassDefinition
    public @interface Config {
        String socket() default "";

        String group() default "";
    }

    private final Shell shell;
    private final Set<Conversation> conversations = ConcurrentHashMap.newKeySet();
    private Door door;
    private Thread accepting;

    @Activate
    public ControlSocket(
            BundleContext context, Config config, @Reference CommandProcessor processor, @Reference ThreadIO streams) {
        this.shell = new Shell(processor, streams);
        String socket = config.socket().isEmpty() ? context.getProperty(Places.PROPERTY) : config.socket();
        if (socket == null || socket.isEmpty()) {
            return;
        }
        try {
            door = Door.open(Path.of(socket), config.group());
        } catch (IOException e) {
            LOG.log(Level.ERROR, "no control socket, so 'tier6 status' and the like cannot reach this node", e);
            return;
        }
        accepting = new Thread(this::accept, "tier6 control");
        accepting.start();
    }

    private void accept() {
        ServerSocketChannel server = door.channel();
        while (server.isOpen()) {
            try {
                welcome(server.accept());
            } catch (IOException e) {
                if (server.isOpen()) {
                    LOG.log(Level.WARNING, "the control socket does not accept a client", e);
                }
            }
        }
    }

    private void welcome(SocketChannel channel) throws IOException {
        if (conversations.size() >= MOST_CLIENTS) {
            try (Wire wire = new Wire(channel)) {
                String sorry = "this node already serves " + MOST_CLIENTS + " clients: end one first\n";
                wire.write(Message.of(Message.Kind.ERROR, List.of(sorry)));
                wire.write(Message.of(Message.Kind.STATUS, List.of("1")));
            }
            return;
        }
        Conversation conversation = new Conversation(channel, shell, door.mayUseAll(channel));
        conversations.add(conversation);
        conversation.start(() -> conversations.remove(conversation));
    }

    @Deactivate
    void close() throws IOException, InterruptedException {
        if (door == null) {
            return;
        }
        door.close();
        accepting.join(STOP_MILLIS);
        for (Conversation conversation : conversations) {
            conversation.close();
        }
    }
}
