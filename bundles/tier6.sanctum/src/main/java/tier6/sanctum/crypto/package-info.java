/** The cryptographic primitives of the protocol, each a thin face of a library. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package tier6.sanctum.crypto;
