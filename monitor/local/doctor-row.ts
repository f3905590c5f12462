// What `monitor doctor` says of one thing that somebody needs: whether it is here, what for, and how to get it.

/** In the order in which people need them. */
export const DOCTOR_GROUPS = ["local world", "deploy", "federation", "Route 53"] as const;
export type DoctorGroup = (typeof DOCTOR_GROUPS)[number];

export interface DoctorRow {
  readonly group: DoctorGroup;
  readonly name: string;
  readonly state: "ok" | "missing" | "skipped";
  /** What was found; never a secret's value. */
  readonly seen: string;
  readonly neededFor: string;
  /** A command or a step; null where nothing is to be done. */
  readonly fix: string | null;
}

type About = Pick<DoctorRow, "group" | "name" | "neededFor">;

export function present(about: About, seen: string): DoctorRow {
  return { ...about, state: "ok", seen, fix: null };
}

export function missing(about: About, seen: string, fix: string): DoctorRow {
  return { ...about, state: "missing", seen, fix };
}

export function skipped(about: About, seen: string, fix: string | null): DoctorRow {
  return { ...about, state: "skipped", seen, fix };
}

/** Only the local world is what everybody needs; the other groups warn. */
export function lacksNeeded(rows: readonly DoctorRow[]): boolean {
  return rows.some(({ group, state }) => group === "local world" && state === "missing");
}
