/** The shroud, a mask that makes datagrams look like noise (specification section 11). */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package tier6.sanctum.shroud;
