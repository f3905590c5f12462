// What a pattern of subjects means, wherever people name subjects: for a channel, and in a mute.
import type { Subject } from "../model/verdict.ts";

/** A subject, or with a final `*` how it begins. */
export function fitsPattern(pattern: string, subject: Subject): boolean {
  return pattern.endsWith("*") ? subject.startsWith(pattern.slice(0, -1)) : subject === pattern;
}
