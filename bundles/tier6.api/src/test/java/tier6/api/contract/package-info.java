/** Tests that every implementation of a contract passes. */
package tier6.api.contract;
