/** The web console: files for a browser, which asks the API of {@code tier6.http} for everything that it shows. */
package tier6.console.internal;
