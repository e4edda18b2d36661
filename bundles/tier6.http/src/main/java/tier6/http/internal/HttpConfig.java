package tier6.http.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration {@code tier6.http}. Without it there is no server. */
@ObjectClassDefinition(name = "tier6.http", description = "The HTTP server of a node")
@interface HttpConfig {
    @AttributeDefinition(description = "ADDRESS:PORT; port 0 for any that is free")
    String listen() default "127.0.0.1:8086";

    @AttributeDefinition(description = "whether the address may be one that other hosts can reach, without encryption")
    boolean remote() default false;

    @AttributeDefinition(description = "file of the token, made if it is missing")
    String token_path() default "";

    @AttributeDefinition(description = "names other than localhost by which browsers may call this server")
    String[] names() default {};
}
