/** Commands of scope {@code tier6} that measure, follow and record frames, and find out what is wrong. */
package tier6.diagnosis.internal;
