package tier6.discovery.reliquary;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;

/** Addresses of APIs. */
public final class Apis {
    private static final String EXAMPLE = "write https://HOST/v1, as its operator names it";
    private static final List<String> THIS_HOST = List.of("localhost", "127.0.0.1", "[::1]");

    private Apis() {}

    /**
     * Reads the address of an API. In the clear it may only be on this host: account keys and cathedral secrets are sent.
     *
     * @throws ReliquaryException if it is none, and how to write one
     */
    public static URI parse(String text) throws ReliquaryException {
        URI api;
        try {
            api = new URI(text.replaceFirst("/+$", ""));
        } catch (URISyntaxException e) {
            throw new ReliquaryException("'" + Words.clean(text) + "' is no address of an API: " + EXAMPLE, e);
        }
        String scheme = String.valueOf(api.getScheme()).toLowerCase(Locale.ROOT);
        boolean bare = api.getUserInfo() == null && api.getQuery() == null && api.getFragment() == null;
        if (api.getHost() == null || !bare || !List.of("https", "http").contains(scheme)) {
            throw new ReliquaryException("'" + Words.clean(text) + "' is no address of an API: " + EXAMPLE);
        }
        if (scheme.equals("http") && !THIS_HOST.contains(api.getHost())) {
            throw new ReliquaryException(
                    "'" + Words.clean(text) + "' would send keys in the clear over the network: write https://");
        }
        return api;
    }
}
