/** Ambries, shared secrets wrapped for the devices of a flock (specification sections 3.5 and 15.3). */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package tier6.sanctum.ambry;
