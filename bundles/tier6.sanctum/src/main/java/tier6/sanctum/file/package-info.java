/** The files that a device and a cathedral keep (specification section 15). */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package tier6.sanctum.file;
