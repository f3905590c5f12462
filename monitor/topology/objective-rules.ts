// What the fields of an objective ask of each other and of the rest of the file: a latency has a limit that can be reached, a
// slice holds a round at least, and a region that promises something is one that there is.
import { repeated } from "./distinct.ts";
import type { Draft } from "./draft.ts";
import { knownRegions } from "./region-map-rules.ts";
import type { Objective, Topology } from "./topology.ts";
import type { Breach } from "./wording.ts";

/** Where `timeSliceMinutes` is left out. */
export const TIME_SLICE_MINUTES = 5;

type Entry = Draft<Objective>;
type Rule = (entry: Entry, draft: Draft<Topology>) => readonly Fault[];

/** A breach inside one entry. */
interface Fault extends Omit<Breach, "path"> {
  readonly key: keyof Objective;
}

export function objectiveBreaches(draft: Draft<Topology>): readonly Breach[] {
  const entries = draft.objectives ?? [];
  const names = entries.map((entry, index) => ({ path: ["objectives", index, "name"], value: entry?.name }));
  const rules: readonly Rule[] = [thresholdFaults, sliceFaults, regionFaults];
  const inside = entries.flatMap((entry, index) =>
    rules
      .flatMap((rule) => (entry === undefined ? [] : rule(entry, draft)))
      .map(({ key, ...fault }): Breach => ({ ...fault, path: ["objectives", index, key] })),
  );
  return [...repeated(names, "a name that no other objective has"), ...inside];
}

function thresholdFaults({ indicator, thresholdMs }: Entry, { probe }: Draft<Topology>): readonly Fault[] {
  if (indicator === undefined || thresholdMs === undefined) return [];
  if (indicator === "availability")
    return thresholdMs === null ? [] : [{ key: "thresholdMs", expected: "nothing: availability has no threshold" }];
  if (thresholdMs === null) return [{ key: "thresholdMs", expected: "milliseconds, the longest good fetch" }];
  const most = probe?.timeoutMs ?? Infinity;
  return thresholdMs <= most
    ? []
    : [{ key: "thresholdMs", expected: `at most ${most} milliseconds, as long as a probe waits` }];
}

function sliceFaults(entry: Entry, { probe }: Draft<Topology>): readonly Fault[] {
  const { method, timeSliceTarget, timeSliceMinutes } = entry;
  if (method === undefined) return [];
  if (method === "occurrences")
    return (["timeSliceTarget", "timeSliceMinutes"] as const)
      .filter((key) => (entry[key] ?? null) !== null)
      .map((key) => ({ key, expected: "nothing: only timeslices have it" }));
  const targetless: readonly Fault[] =
    timeSliceTarget === null
      ? [{ key: "timeSliceTarget", expected: "the share of its looks that makes a slice good, such as 0.9" }]
      : [];
  const least = Math.ceil((probe?.intervalSeconds ?? 0) / 60);
  if (timeSliceMinutes === undefined || (timeSliceMinutes ?? TIME_SLICE_MINUTES) >= least) return targetless;
  const expected = `at least ${least} minutes, so that a round is made in each slice`;
  return [...targetless, { key: "timeSliceMinutes", expected, byDefault: TIME_SLICE_MINUTES }];
}

function regionFaults({ region }: Entry, draft: Draft<Topology>): readonly Fault[] {
  const known = knownRegions(draft);
  if (known === null || region === undefined || region === null || known.includes(region)) return [];
  return [{ key: "region", expected: `the id of a region (${known.join(", ")})`, among: known }];
}
