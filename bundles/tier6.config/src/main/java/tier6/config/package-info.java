/** tier6.conf into Configuration Admin. */
package tier6.config;
