// How families are made: in few words where they are listed. A state is one sample per value it can have, 1 for the one it has,
// so that a query needs no table of codes.
import { SECOND_MS } from "../time.ts";
import type { MetricFamily, Sample } from "./prometheus-text.ts";

/** Three of the longest intervals that a topology may have: an older look is no longer the present. */
export const LOOK_AGE_MAX_MS = 900 * SECOND_MS;

export const VERDICTS = ["conforms", "converging", "deviates", "undecided"] as const;

export function gauge(name: string, help: string, samples: readonly Sample[]): MetricFamily {
  return { name, type: "gauge", help, samples };
}

/** A gauge. */
export function seconds(name: string, help: string, samples: readonly Sample[]): MetricFamily {
  return { name, type: "gauge", unit: "seconds", help, samples };
}

export function counter(name: string, help: string, samples: readonly Sample[]): MetricFamily {
  return { name, type: "counter", help, samples };
}

export function alone(value: number): Sample {
  return { labels: {}, value };
}

export function flag(truth: unknown): number {
  return truth === true ? 1 : 0;
}

export function oneHot(
  labels: Sample["labels"],
  label: string,
  values: readonly string[],
  current: string,
): readonly Sample[] {
  return values.map((value) => ({ labels: { ...labels, [label]: value }, value: flag(value === current) }));
}
