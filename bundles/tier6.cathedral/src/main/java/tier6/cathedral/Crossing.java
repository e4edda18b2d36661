package tier6.cathedral;

import tier6.sanctum.ambry.AmbryBundle;
import tier6.sanctum.kdf.Flocks;

/**
 * Two flocks whose devices may have tunnels to each other (settings keyword {@code xflock}).
 *
 * @param a a flock without domain
 * @param b another one
 * @param ambry what is handed out for tunnels between them, or null
 */
record Crossing(long a, long b, AmbryBundle ambry) {

    boolean joins(long one, long other) {
        long p = Flocks.mask(one);
        long q = Flocks.mask(other);
        return a == p && b == q || a == q && b == p;
    }
}
