/** The cathedral server. */
package tier6.cathedral;
