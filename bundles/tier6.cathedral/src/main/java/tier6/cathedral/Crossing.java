package tier6.cathedral;

import tier6.sanctum.ambry.AmbryBundle;

/**
 * Two flocks whose devices may have tunnels to each other (settings keyword {@code xflock}).
 *
 * @param a a flock without domain
 * @param b another one
 * @param ambry what is handed out for tunnels between them, or null
 */
record Crossing(long a, long b, AmbryBundle ambry) {}
