/** The contracts between the bundles of tier6. */
package tier6.api;
