// Whether a time zone is one that this runtime knows: the names of the IANA database, as Intl has them everywhere we run.

/** Longer than every name there is. */
const CHARACTERS_MAX = 64;

/** "Europe/Brussels", "UTC"; not an offset, because an offset knows no summer time. */
export function isTimeZone(name: string): boolean {
  if (name.length > CHARACTERS_MAX || !/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
