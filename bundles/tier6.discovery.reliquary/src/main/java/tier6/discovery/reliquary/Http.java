package tier6.discovery.reliquary;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Requests to one host, each bounded in time and its answer in size. When the host says that this was too fast it waits and
 * asks again, a few times: it refused before it did anything (specification section 18.1).
 */
final class Http implements Exchange {
    /** Lets time pass. */
    @FunctionalInterface
    interface Pause {
        void sleep(Duration time) throws InterruptedException;

        static Pause real() {
            return time -> TimeUnit.NANOSECONDS.sleep(time.toNanos());
        }
    }

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    /** A bundle has megabytes, and not everybody's line is fast. */
    private static final Duration UPLOAD = Duration.ofMinutes(10);

    private static final int MOST_ANSWER = 1 << 18;
    private static final int SMALL_REQUEST = 1024;
    private static final int TOO_MANY = 429;
    private static final int ATTEMPTS = 5;
    /** The host counts one request a second. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(1100);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final URI base;
    private final Pause pause;
    private final Duration patience;

    Http(URI base, Pause pause) {
        this(base, pause, ANSWER);
    }

    Http(URI base, Pause pause, Duration patience) {
        this.base = base;
        this.pause = pause;
        this.patience = patience;
    }

    @Override
    public String host() {
        return base.getHost();
    }

    @Override
    public Answer get(String path, String token) throws IOException {
        return send(request(path, token).GET().build(), patience);
    }

    @Override
    public Answer post(String path, String token, byte[] body) throws IOException {
        HttpRequest.Builder request = request(path, token)
                .header("content-type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        return send(request.build(), body.length <= SMALL_REQUEST ? patience : UPLOAD);
    }

    private HttpRequest.Builder request(String path, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        return token.isEmpty() ? request : request.header("x-token", token);
    }

    private Answer send(HttpRequest request, Duration within) throws IOException {
        Duration wait = FIRST_PAUSE;
        for (int attempt = 1; ; attempt++) {
            Answer answer = once(request, within);
            if (answer.status() != TOO_MANY) {
                return answer;
            }
            if (attempt == ATTEMPTS) {
                throw new ReliquaryException(host() + " takes about one request a second from an address and refused "
                        + attempt + " of this one (429): wait some minutes, then run this again");
            }
            rest(wait);
            wait = wait.multipliedBy(2);
        }
    }

    private void rest(Duration time) throws IOException {
        try {
            pause.sleep(time);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** One exchange from connection to last byte. The client's own timeout would end with the headers. */
    private Answer once(HttpRequest request, Duration within) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> exchange =
                client.sendAsync(request, headers -> new BoundedBody(MOST_ANSWER));
        try {
            HttpResponse<byte[]> response = exchange.get(within.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(response.statusCode(), response.body());
        } catch (TimeoutException e) {
            throw slow(within, e);
        } catch (ExecutionException e) {
            throw explain(e.getCause(), within);
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            exchange.cancel(true);
        }
    }

    private static IOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        InterruptedIOException stopped = new InterruptedIOException("stopped while waiting for a Reliquary");
        stopped.initCause(e);
        return stopped;
    }

    private ReliquaryException slow(Duration within, Throwable cause) {
        return new ReliquaryException(
                host() + " did not answer within " + within.toSeconds() + " s: check the network, or try again later",
                cause);
    }

    private ReliquaryException explain(Throwable cause, Duration within) {
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (e instanceof ReliquaryException ours) {
                return new ReliquaryException(host() + ": " + ours.getMessage(), cause);
            } else if (e instanceof UnresolvedAddressException) {
                return new ReliquaryException(
                        "no address is known for " + host()
                                + ": check the address of the API, the name service and the network",
                        cause);
            } else if (e instanceof SSLException) {
                return new ReliquaryException(
                        host() + " cannot prove who it is (" + e.getMessage()
                                + "): check the address of the API, and this host's clock and certificates",
                        cause);
            } else if (e instanceof HttpTimeoutException) {
                return slow(e.getMessage() != null && e.getMessage().contains("connect") ? CONNECT : within, cause);
            }
        }
        String why = cause instanceof ConnectException
                ? "no connection to " + host() + ":" + port()
                        + (cause.getMessage() == null ? "" : ", " + cause.getMessage())
                : "the connection to " + host() + " broke, " + cause.getMessage();
        return new ReliquaryException(why + ": check the network and the address of the API, then try again", cause);
    }

    private int port() {
        return base.getPort() >= 0 ? base.getPort() : base.getScheme().equals("http") ? 80 : 443;
    }

    /** Ends the threads of the client where Java knows how (from 21 up); elsewhere the garbage collector does. */
    @Override
    public void close() {
        if ((Object) client instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
