package tier6.itest.felix;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** In which node a test method runs, counted from 0. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface InNode {
    int value();
}
