/** Offers, the 623-byte control datagrams (specification section 6). */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package tier6.sanctum.offer;
