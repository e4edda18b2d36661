package tier6.itest.net;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Takes long and is about hosts and networks, so {@code .ci/run} runs it with one Java only. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@DisabledIfSystemProperty(
        named = "tier6.again",
        matches = "true",
        disabledReason = "does not depend on the Java version, and has run with another")
@interface WithOneJava {}
