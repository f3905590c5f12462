// A monitor in Node of which only the telling is real: rounds that are folded of looks that the test chooses, a SQLite database,
// an outbox, and a sender on the network. Its clock stands still between rounds.
import { DatabaseSync } from "node:sqlite";
import type { ChannelStanding } from "../../monitor/model/alert.ts";
import type { VantageOutcome } from "../../monitor/model/observation.ts";
import type { MonitorState } from "../../monitor/model/state.ts";
import { sqlOf } from "../../monitor/node/store.ts";
import { makeNodeClock } from "../../monitor/node/clock.ts";
import { runRound } from "../../monitor/run/round.ts";
import { EMPTY_STATE, parseState } from "../../monitor/run/state.ts";
import type { AlertChannel, Topology } from "../../monitor/topology/topology.ts";
import { AlertDesk } from "../../monitor/wire/alert-desk.ts";
import { makeSender } from "../../monitor/wire/send.ts";
import { makeAuditShelf } from "../../monitor/wire/sql-audit.ts";
import { makeSqlStore } from "../../monitor/wire/sql-store.ts";
import { AWS, EXAMPLE, GCP } from "./example-topology.ts";
import { badLook, dnsLook, goodLook } from "./looks.ts";

export const INTERVAL_MS = 30_000;
export const START = 1_767_225_600_000;
/** Looks in a row until a region is down, or up again. */
export const THRESHOLD = EXAMPLE.dns.healthCheck.failureThreshold;

export interface AlertWatch {
  readonly topology: Topology;
  readonly desk: AlertDesk;
  readonly now: () => number;
  /** As many rounds in which these regions are down; each tells people what there is to tell. Gives what happened to messages. */
  readonly rounds: (count: number, down: readonly string[]) => Promise<readonly string[]>;
  /** Time goes by without a round. */
  readonly wait: (ms: number) => void;
  readonly deliver: (round?: "stored" | "lost") => Promise<readonly string[]>;
  readonly standing: (channel: string) => ChannelStanding | undefined;
  readonly state: () => MonitorState;
}

/** `file`: a database that others may have begun; what it holds is gone on from. */
export function watchWith(alerts: readonly AlertChannel[], file = ":memory:"): AlertWatch {
  const topology: Topology = { ...EXAMPLE, alerts };
  const sql = sqlOf(new DatabaseSync(file));
  const store = makeSqlStore(sql);
  let now = START;
  const clock = { ...makeNodeClock(), now: () => now };
  const desk = new AlertDesk(sql, makeAuditShelf(sql), makeSender(fetch, clock), clock);
  const stored = sql.all("SELECT json FROM state")[0]?.["json"];
  let state = EMPTY_STATE;
  if (typeof stored === "string") {
    const parsed = parseState(stored);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    state = parsed.value;
    now = (state.lastSlot ?? START - INTERVAL_MS) + INTERVAL_MS;
  }
  return {
    topology,
    desk,
    now: () => now,
    state: () => state,
    wait: (ms) => {
      now += ms;
    },
    deliver: async (round) => (await desk.deliver(topology, round)).map(({ text }) => text),
    standing: (channel) => desk.standing(topology).find(({ name }) => name === channel),
    rounds: async (count, down) => {
      const lines: string[] = [];
      for (let round = 0; round < count; round += 1) {
        const slot = Math.floor(now / INTERVAL_MS) * INTERVAL_MS;
        const ask = async ({ vantage }: { readonly vantage: { readonly id: string } }) =>
          reportOf(vantage.id, down, now);
        const made = await runRound(topology, slot, state, ask, { clock, store });
        if (made.saved.kind !== "saved") throw new Error(`round ${round} is ${made.saved.kind}`);
        state = made.state;
        lines.push(...(await desk.deliver(topology)).map(({ text }) => text));
        now += INTERVAL_MS;
      }
      return lines;
    },
  };
}

function reportOf(vantage: string, down: readonly string[], at: number) {
  const observations = [AWS, GCP].map((region) =>
    down.includes(region.id) ? badLook(region, vantage, at) : goodLook(region, vantage, at),
  );
  const answer = down.includes(AWS.id) && !down.includes(GCP.id) ? GCP : AWS;
  const dns = [dnsLook(vantage, "authoritative", at, answer.endpoint.addresses)];
  const report: Extract<VantageOutcome, { kind: "reported" }>["report"] = { vantage, colo: vantage, observations, dns };
  return report;
}
