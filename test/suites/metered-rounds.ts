// A monitor's rounds for a scraper: each call is one round more, stored and read back as after a restart. A region falls in the
// third, name servers and resolvers follow, and all of it goes on through the meters' own desk.
import { DatabaseSync } from "node:sqlite";
import type { VantageOutcome } from "../../monitor/model/observation.ts";
import { sqlOf } from "../../monitor/node/store.ts";
import type { MetricsSource } from "../../monitor/report/metrics.ts";
import { makeStatus } from "../../monitor/report/status.ts";
import { foldRound } from "../../monitor/run/fold.ts";
import { EMPTY_STATE } from "../../monitor/run/state.ts";
import { MeterDesk } from "../../monitor/wire/meter-desk.ts";
import { AWS, EXAMPLE, GCP } from "../support/example-topology.ts";
import { badLook, dnsLook, goodLook } from "../support/looks.ts";

const EVERY_MS = 30_000;
const LAG_MS = 40;
/** Of the first round in which the region is down, and of the first with the other's address in DNS. */
const FAULT = 3;
const MOVED = 6;

/** Milliseconds that a fetch from enam takes: within the bucket from 0.1 to 0.25 s. */
const TOOK_MS = 200;

export function meteredRounds(): () => MetricsSource {
  const sql = sqlOf(new DatabaseSync(":memory:"));
  const warn = (line: string): never => {
    throw new Error(line);
  };
  let state = EMPTY_STATE;
  let round = 0;
  return () => {
    const slot = round * EVERY_MS;
    const at = slot + 1000;
    const fold = foldRound(EXAMPLE, state, outcomesOf(round, at), slot, at);
    ({ state } = fold);
    new MeterDesk(sql, warn).count(EXAMPLE, { slot, beganAt: slot + LAG_MS, at, outcomes: fold.outcomes, state });
    round += 1;
    return { status: makeStatus(EXAMPLE, state, at), meters: new MeterDesk(sql, warn).read() };
  };
}

function outcomesOf(round: number, at: number): readonly VantageOutcome[] {
  const led = (round < MOVED ? AWS : GCP).endpoint.addresses;
  return EXAMPLE.probe.vantages.map(({ id }) => ({
    kind: "reported",
    report: {
      vantage: id,
      colo: id,
      observations: [
        round < FAULT ? { ...goodLook(AWS, id, at), totalMs: TOOK_MS } : badLook(AWS, id, at),
        { ...goodLook(GCP, id, at), totalMs: TOOK_MS },
      ],
      dns: [dnsLook(id, "authoritative", at, led), dnsLook(id, "recursive", at, led)],
    },
  }));
}
