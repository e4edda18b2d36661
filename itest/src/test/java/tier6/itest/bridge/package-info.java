/** What the test class path and the frameworks share: the frameworks get this package from the system bundle. */
package tier6.itest.bridge;
