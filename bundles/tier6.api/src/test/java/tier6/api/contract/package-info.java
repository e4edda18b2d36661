/**
 * Tests that every implementation of a contract passes. An author of a plug-in extends the class for his contract,
 * says how to make the thing, and has it tested.
 */
package tier6.api.contract;
