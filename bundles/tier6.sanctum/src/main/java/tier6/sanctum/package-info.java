/** The sanctum protocol as pure computation. */
package tier6.sanctum;
