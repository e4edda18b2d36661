package tier6.http.internal;

/** Why a request is not answered as asked: a status of HTTP and a sentence for people. */
final class Problem extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;

    Problem(int status, String detail) {
        super(detail, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}
