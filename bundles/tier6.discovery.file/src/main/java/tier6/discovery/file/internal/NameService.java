package tier6.discovery.file.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;

/** Asks DNS for records, with the resolver of the JDK (module jdk.naming.dns). Blocks for a few seconds at most. */
final class NameService {
    private static final String FIRST_TIMEOUT_MILLIS = "1000";
    private static final String RETRIES = "2";

    private final Hashtable<String, String> environment = new Hashtable<>();

    /**
     * Names a server.
     *
     * @param server {@code address} or {@code address:port}; empty: those of this host
     */
    NameService(String server) {
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put(Context.PROVIDER_URL, "dns://" + server);
        environment.put("com.sun.jndi.dns.timeout.initial", FIRST_TIMEOUT_MILLIS);
        environment.put("com.sun.jndi.dns.timeout.retries", RETRIES);
    }

    /**
     * The records of one type that a name has, as master files write them; none if there is no such name.
     *
     * @throws IOException if no server answers
     */
    List<String> records(String name, String type) throws IOException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // JNDI finds the resolver of the JDK with this one.
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        try {
            DirContext context = new InitialDirContext(environment);
            try {
                Attribute values =
                        context.getAttributes(name, new String[] {type}).get(type);
                List<String> records = new ArrayList<>();
                for (int i = 0; values != null && i < values.size(); i++) {
                    records.add(String.valueOf(values.get(i)));
                }
                return records;
            } finally {
                context.close();
            }
        } catch (NameNotFoundException e) {
            return List.of();
        } catch (NamingException e) {
            throw new IOException(
                    "the name service does not tell the " + type + " records of " + name + " (" + e.getMessage()
                            + "); tries again",
                    e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
