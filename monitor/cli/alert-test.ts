// A test message from here to the channels of a topology, once and without an outbox: are address, key and secret right?
import type { VerdictKind } from "../model/verdict.ts";
import { makeNodeClock } from "../node/clock.ts";
import { entryOf, toldChannels } from "../run/alert-step.ts";
import { DELIVERY_MS_MAX } from "../topology/cost.ts";
import type { ToldChannel, Topology } from "../topology/topology.ts";
import { sendAlert } from "../wire/alert-desk.ts";
import { makeSender } from "../wire/send.ts";
import type { Refusal } from "./refusal.ts";
import { loadTopology } from "./topology-file.ts";

export interface Tested {
  readonly verdict: VerdictKind;
  readonly results: unknown;
  readonly lines: readonly string[];
}

/** A heartbeat is not tested: its receiver would take the call for a sign of life of a monitor that may be dead. */
export async function testFromHere(
  file: string,
  names: readonly string[],
  mode: "plan" | "do",
): Promise<Tested | Refusal> {
  const loaded = loadTopology(file, "told");
  if (loaded.kind === "broken") return { refusal: "topology", lines: loaded.lines };
  const { topology } = loaded;
  const channels = chosen(topology, names);
  if ("refusal" in channels) return channels;
  if (mode === "plan") {
    const would = channels.map(({ name }) => name);
    return { verdict: "conforms", results: { would }, lines: planLines(would, "here") };
  }
  const results = await Promise.all(channels.map((channel) => testOne(channel, topology)));
  const delivered = results.every(({ outcome }) => outcome === "delivered");
  const lines = results.map(({ channel, kind, outcome, detail }) =>
    [`${channel} (${kind}): ${outcome}`, ...(detail === null ? [] : [detail])].join(": "),
  );
  return { verdict: delivered ? "conforms" : "deviates", results, lines };
}

export function planLines(channels: readonly string[], from: string): readonly string[] {
  return [
    `would send a message that is marked as a test from ${from} to ${channels.join(", ")}`,
    "nothing was sent: --yes sends it",
  ];
}

function chosen(topology: Topology, names: readonly string[]): readonly ToldChannel[] | Refusal {
  const channels = toldChannels(topology);
  const known = channels.map(({ name }) => name);
  if (known.length === 0)
    return { refusal: "expected channels under `alerts` of the topology, found none that is told of incidents" };
  const stranger = names.find((name) => !known.includes(name));
  if (stranger !== undefined) return { refusal: `expected a channel (${known.join(", ")}), found "${stranger}"` };
  return names.length === 0 ? channels : channels.filter(({ name }) => names.includes(name));
}

async function testOne(channel: ToldChannel, topology: Topology) {
  const clock = makeNodeClock();
  const entry = entryOf(topology, channel.name, { kind: "test" }, clock.now());
  const deadlineMs = clock.monotonicMs() + DELIVERY_MS_MAX;
  const attempt = await sendAlert({ channel, entry, watched: topology, deadlineMs }, makeSender(fetch, clock), clock);
  const detail = attempt.kind === "delivered" ? null : attempt.detail;
  return { channel: channel.name, kind: channel.kind, key: entry.key, outcome: attempt.kind, detail };
}
