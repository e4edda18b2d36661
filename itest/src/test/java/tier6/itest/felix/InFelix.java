package tier6.itest.felix;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test methods of the class run inside Felix nodes, with fields annotated {@code @Inject} filled with services of
 * the node. The methods run in the order of their {@code @Order}; each in node 0 unless {@link InNode} says otherwise.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(FelixExtension.class)
@interface InFelix {
    /** How many nodes, each a framework of its own. */
    int nodes() default 1;
}
