package tier6.discovery.reliquary.internal;

import java.io.IOException;
import java.util.Dictionary;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The configurations of the components that do the work. A PID with a tilde is one of a factory. */
interface Configurations {
    /** Its properties; empty if there is none. */
    Map<String, Object> get(String pid) throws IOException;

    void put(String pid, Map<String, Object> properties) throws IOException;

    void remove(String pid) throws IOException;

    /** Those of Configuration Admin. */
    static Configurations of(ConfigurationAdmin admin) {
        return new Configurations() {
            @Override
            public Map<String, Object> get(String pid) throws IOException {
                Map<String, Object> properties = new HashMap<>();
                Dictionary<String, Object> found = configuration(pid).getProperties();
                for (Enumeration<String> names = found == null ? null : found.keys();
                        names != null && names.hasMoreElements(); ) {
                    String name = names.nextElement();
                    properties.put(name, found.get(name));
                }
                return properties;
            }

            @Override
            public void put(String pid, Map<String, Object> properties) throws IOException {
                configuration(pid).updateIfDifferent(new Hashtable<>(properties));
            }

            @Override
            public void remove(String pid) throws IOException {
                configuration(pid).delete();
            }

            /** The location "?" lets the component of any bundle read it. */
            private Configuration configuration(String pid) throws IOException {
                int tilde = pid.indexOf('~');
                return tilde < 0
                        ? admin.getConfiguration(pid, "?")
                        : admin.getFactoryConfiguration(pid.substring(0, tilde), pid.substring(tilde + 1), "?");
            }
        };
    }
}
