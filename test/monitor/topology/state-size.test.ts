import { describe, expect, test } from "vitest";
import { parseTopology } from "../../../monitor/topology/parse.ts";
import { STATE_BYTES_MAX, stateBytes } from "../../../monitor/topology/state-size.ts";
import type { Topology } from "../../../monitor/topology/topology.ts";
import { topologyText, type TopologySize } from "../../bench/topologies.ts";
import { heaviestAlerts, heaviestChannels } from "../../support/heaviest-alerts.ts";
import { heaviestRound } from "../../support/heaviest-round.ts";
import { problemLines } from "../../support/topology-text.ts";

const SHORT = (text: string): string => text;
const LONG_IDS = (text: string): string =>
  text.replaceAll("region-", `r${"-".repeat(50)}r`).replaceAll(/ v(\d+),/g, ` v${"-".repeat(50)}$1,`);
const MANY_ADDRESSES = (text: string): string =>
  text.replaceAll(/\[127\.0\.10\.(\d+)\]/g, "[127.0.10.$1, 127.0.11.$1, 127.0.12.$1, '::$1', 'fe80:1:1:1:1:1:1:$1']");

function topologyOf(text: string): Topology {
  const parsed = parseTopology(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

function bytesOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

describe("the bound on a round's state is above its heaviest round, and not far above", () => {
  const sizes: readonly TopologySize[] = [
    { regions: 2, vantages: 1 },
    { regions: 2, vantages: 5 },
    { regions: 20, vantages: 9 },
    { regions: 2, vantages: 32 },
  ];
  const kinds = { "short ids": SHORT, "long ids": LONG_IDS, "many addresses": MANY_ADDRESSES };
  const rows = sizes.flatMap((size) => Object.entries(kinds).map(([kind, write]) => ({ size, kind, write })));
  test.each(rows)("$size.regions regions × $size.vantages vantages, $kind", ({ size, write }) => {
    const topology = topologyOf(write(topologyText(size)));
    const { state, row } = heaviestRound(topology);
    expect(bytesOf(state)).toBeLessThanOrEqual(stateBytes(topology));
    expect(stateBytes(topology)).toBeLessThan(1.6 * bytesOf(state));
    expect(bytesOf(row)).toBeLessThan(bytesOf(state));
  });
});

describe("what people were told is counted in", () => {
  const alerts = Array.from(
    { length: 8 },
    (_, n) => `  - { name: channel-${n}${"-long".repeat(10)}, kind: slack, url: "http://127.0.0.1:9/" }`,
  );
  test.each([
    { regions: 2, vantages: 5 },
    { regions: 20, vantages: 9 },
  ])("$regions regions × $vantages vantages with eight channels", (size) => {
    const topology = topologyOf(`${topologyText(size)}alerts:\n${alerts.join("\n")}\n`);
    const { state } = heaviestRound(topology);
    const told = { alerts: heaviestAlerts(topology, state), channels: heaviestChannels(topology) };
    const without = stateBytes({ ...topology, alerts: [] });
    expect(bytesOf(told)).toBeLessThanOrEqual(stateBytes(topology) - without);
    expect(bytesOf({ ...state, ...told })).toBeLessThanOrEqual(stateBytes(topology));
  });
});

describe("a topology whose state might not fit is refused", () => {
  const most = { regions: 40, vantages: 24 };

  test("the largest that fits really does, at its heaviest", { timeout: 60_000 }, () => {
    const topology = topologyOf(topologyText(most));
    expect(stateBytes(topology)).toBeGreaterThan(0.95 * STATE_BYTES_MAX);
    expect(bytesOf(heaviestRound(topology).state)).toBeLessThanOrEqual(STATE_BYTES_MAX);
  });

  test("one vantage more is told where, and how many there may be", () => {
    const text = topologyText({ ...most, vantages: most.vantages + 1 });
    expect(problemLines(text)).toEqual([
      "49:58: probe.vantages: expected at most 24 vantages, because with 40 regions more may not fit into the 2 MB that a Durable Object keeps in a value, found a list of 25",
    ]);
  });

  test("where no number of vantages would fit, it is the regions that are too many", () => {
    const addresses = Array.from({ length: 16 }, (_, at) => `'2001:db8:1111:2222:3333:4444:${at}:$1'`).join(", ");
    const servers = Array.from({ length: 8 }, (_, at) => `"127.0.0.${at + 1}:9"`).join(", ");
    const text = topologyText({ regions: 100, vantages: 2 })
      .replaceAll(/\[127\.0\.10\.(\d+)\]/g, `[${addresses}]`)
      .replace('["127.0.0.1:9"]', `[${servers}]`);
    expect(problemLines(text)).toEqual([expect.stringMatching(/^4:3: regions: expected fewer regions or addresses, /)]);
  });

  test("the largest of the bench is none of them", () => {
    expect(parseTopology(topologyText({ regions: 100, vantages: 9 })).ok).toBe(true);
  });
});

test("budgets that burn are counted in, a page and a ticket of each objective", () => {
  const names = Array.from({ length: 8 }, (_, n) => `o${n}${"-long".repeat(10)}`);
  const objectives = names.map(
    (name) => `  - { name: ${name}, target: 0.999, windowDays: 30, burnAlerts: [page, ticket] }`,
  );
  const channel = 'alerts:\n  - { name: a, kind: slack, url: "http://127.0.0.1:9/" }\n';
  const text = topologyText({ regions: 2, vantages: 5 });
  const topology = topologyOf(`${text}objectives:\n${objectives.join("\n")}\n${channel}`);
  const at = 1_767_225_600_000;
  const burns = names.flatMap((name) =>
    ["page", "ticket"].map((urgency) => {
      const subject = `burn-${urgency}:${name}`;
      const reason = `the error budget of ${name} (99.999999 % in 366 d) burns at 1000000.0 × in 30m and 1000000.0 × in 5m, over 14.4`;
      return { id: `${new Date(at).toISOString()} ${subject}`, subject, reason, openedAt: at, windows: ["1h", "6h"] };
    }),
  );
  const alarms = burns.map(({ id, subject, reason }) => ({
    id,
    scope: "burn-ticket",
    subject,
    reason,
    regions: [],
    openedAt: at,
    incidents: [id],
    quietSince: null,
    told: { a: at },
    hushed: true,
  }));
  const without = stateBytes({ ...topology, alerts: [] });
  const room =
    stateBytes(topology) -
    without -
    (stateBytes({ ...topology, objectives: [] }) - stateBytes({ ...topology, objectives: [], alerts: [] }));
  expect(bytesOf({ burns, alarms })).toBeLessThanOrEqual(room);
});
