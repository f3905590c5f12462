// The failover timeline as `/status` has it and the page draws it: each region's health for users, where the policy leads and
// where DNS does, as spans of time. What nobody looked at is unknown in it, and it is bounded whatever flaps.
import type { MonitorState } from "../model/state.ts";
import { type Instant, toIso } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import { DNS_LANE, laneSpans, type LaneSpan, POLICY_LANE, withSilence } from "../verify/trail.ts";
import { regionSubject } from "../verify/verdict.ts";
import type { StatusReport } from "./status-schema.ts";

/** Of all lanes together: silences cut every one of them. */
export const SPANS_MAX = 500;

export type Timeline = NonNullable<StatusReport["timeline"]>;
type Health = Timeline["regions"][number]["spans"][number]["health"];
type DnsVerdict = Timeline["dns"][number]["verdict"];

/** Absent before the first round, and in states from before it was kept. */
export function timelineRow(topology: Topology, state: MonitorState, at: Instant): Pick<StatusReport, "timeline"> {
  if (state.trail === undefined || state.trail.from > at) return {};
  const trail = withSilence(topology, state.trail, state.lastRoundAt, at);
  const lanes = [POLICY_LANE, DNS_LANE, ...topology.regions.map(({ id }) => regionSubject(id))];
  const whole = lanes.map((lane) => laneSpans(trail, lane, at));
  const from = firstShown(whole, trail.from);
  const [policy = [], dns = [], ...regions] = whole.map((spans) => spansFrom(spans, from));
  return {
    timeline: {
      from: toIso(from),
      policy: policy.map((span) => ({ ...instants(span), ...namesOf(span.value ?? "") })),
      dns: dns.map(dnsSpan),
      regions: topology.regions.map(({ id }, index) => ({
        id,
        spans: (regions[index] ?? []).map((span) => ({ ...instants(span), health: healthOf(span.value) })),
      })),
    },
  };
}

/** The earliest span of each lane is there in any case. */
function firstShown(lanes: readonly (readonly LaneSpan[])[], from: Instant): Instant {
  const starts = lanes.flatMap((spans) => spans.slice(1).map((span) => span.from));
  if (starts.length <= SPANS_MAX) return from;
  return starts.toSorted((a, b) => a - b)[starts.length - SPANS_MAX - 1] ?? from;
}

function spansFrom(spans: readonly LaneSpan[], from: Instant): readonly LaneSpan[] {
  return spans.filter(({ to }) => to > from).map((span) => ({ ...span, from: Math.max(span.from, from) }));
}

function instants({ from, to }: LaneSpan): { readonly from: string; readonly to: string } {
  return { from: toIso(from), to: toIso(to) };
}

function dnsSpan(span: LaneSpan): Timeline["dns"][number] {
  const [verdict = "", ...names] = (span.value ?? "").split(" ");
  return { ...instants(span), ...namesOf(names.join(" ")), verdict: verdictOf(verdict) };
}

/** "a b c +2": the first of them, and how many more there are. */
function namesOf(words: string): { readonly regions: string[]; readonly others: number } {
  const names = words.split(" ").filter((name) => name !== "");
  const more = names.find((name) => name.startsWith("+"));
  return { regions: names.filter((name) => name !== more), others: more === undefined ? 0 : Number(more.slice(1)) };
}

function healthOf(value: string | null): Health {
  return value === "healthy" || value === "unhealthy" ? value : "unknown";
}

function verdictOf(value: string): DnsVerdict {
  return value === "conforms" || value === "converging" || value === "deviates" ? value : "undecided";
}
