// The events of a record, sorted out once by what they are about: figures and judgements look at the same series again and
// again, and a record has thousands of events.
import { groupBy } from "../grouping.ts";
import type { DnsPath } from "../model/observation.ts";
import type { DrillEvent, DrillEventOf } from "./record.ts";

/** Each series in the order of time. */
export interface Sights {
  readonly levers: readonly DrillEventOf<"lever">[];
  readonly aborts: readonly DrillEventOf<"abort">[];
  readonly health: readonly DrillEventOf<"health">[];
  readonly opinions: readonly DrillEventOf<"opinion">[];
  readonly verdicts: readonly DrillEventOf<"verdict">[];
  readonly answers: readonly DrillEventOf<"dns">[];
  readonly requests: readonly DrillEventOf<"request">[];
  readonly answersAt: (vantage: string, view: DnsPath) => readonly DrillEventOf<"dns">[];
  readonly requestsAt: (vantage: string, via: DrillEventOf<"request">["via"]) => readonly DrillEventOf<"request">[];
}

/** `events` in the order of time. */
export function sightsOf(events: readonly DrillEvent[]): Sights {
  const answers = eventsOf(events, "dns");
  const requests = eventsOf(events, "request");
  const answersBy = groupBy(answers, ({ vantage, view }) => `${view} ${vantage}`);
  const requestsBy = groupBy(requests, ({ vantage, via }) => `${via} ${vantage}`);
  return {
    levers: eventsOf(events, "lever"),
    aborts: eventsOf(events, "abort"),
    health: eventsOf(events, "health"),
    opinions: eventsOf(events, "opinion"),
    verdicts: eventsOf(events, "verdict"),
    answers,
    requests,
    answersAt: (vantage, view) => answersBy[`${view} ${vantage}`] ?? [],
    requestsAt: (vantage, via) => requestsBy[`${via} ${vantage}`] ?? [],
  };
}

/** The events of one kind, in the order of time. */
export function eventsOf<K extends DrillEvent["kind"]>(
  events: readonly DrillEvent[],
  kind: K,
): readonly DrillEventOf<K>[] {
  return events.filter((event): event is DrillEventOf<K> => event.kind === kind);
}
