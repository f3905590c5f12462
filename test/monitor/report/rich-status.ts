// A status with something of everything: all phases, failures of the region and of ours, a vantage that fell silent, DNS inside and
// outside the policy, an open incident.
import type { VantageOutcome } from "../../../monitor/model/observation.ts";
import type { MonitorState } from "../../../monitor/model/state.ts";
import { type Meters, NO_METERS } from "../../../monitor/report/meters.ts";
import { makeStatus } from "../../../monitor/report/status.ts";
import type { StatusReport } from "../../../monitor/report/status-schema.ts";
import { foldRound } from "../../../monitor/run/fold.ts";
import { meterRound } from "../../../monitor/run/meter-round.ts";
import { EMPTY_STATE } from "../../../monitor/run/state.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";
import { badLook, dnsLook, goodLook } from "../../support/looks.ts";

const ROUNDS = 4;
const LAST_AT = (ROUNDS - 1) * 30_000;

const rounds = richRounds();

export const RICH: StatusReport = makeStatus(EXAMPLE, rounds.state, LAST_AT + 1500);
/** Of the same rounds, each of which began 20 ms late; and of a failover, with its resolvers, in earlier ones. */
export const RICH_METERS: Meters = {
  ...rounds.meters,
  led: { [AWS.id]: { enam: 2876 }, [GCP.id]: { enam: 4, weur: 2880 } },
  failovers: {
    [AWS.id]: {
      detection: { tookMs: 60_250, changedBy: -600_000 },
      failover: { tookMs: 120_250, changedBy: -600_000 },
      recovery: { tookMs: 150_250, changedBy: -600_000 },
    },
  },
};

function richRounds(): { readonly state: MonitorState; readonly meters: Meters } {
  let state = EMPTY_STATE;
  let meters = NO_METERS;
  for (let at = 0; at <= LAST_AT; at += 30_000) {
    const fold = foldRound(EXAMPLE, state, outcomesAt(at), at, at);
    ({ state } = fold);
    meters = meterRound(EXAMPLE, meters, { slot: at, beganAt: at + 20, at, outcomes: fold.outcomes, state });
  }
  return { state, meters };
}

function outcomesAt(at: number): readonly VantageOutcome[] {
  const report = (vantage: string, looks: readonly ReturnType<typeof goodLook>[], answer: readonly string[]) => ({
    kind: "reported" as const,
    report: {
      vantage,
      colo: `colo-${vantage}`,
      observations: looks,
      dns: [dnsLook(vantage, "authoritative", at, answer), dnsLook(vantage, "recursive", at, [], "SERVFAIL")],
    },
  });
  const seen = { phases: { dns: 2, connect: 5, tls: 12.5, ttfb: 30, transfer: 1.5 }, totalMs: 51 };
  const enam = [{ ...goodLook(AWS, "enam", at), ...seen }, goodLook(GCP, "enam", at)];
  const weur = [
    badLook(AWS, "weur", at, { cause: "timeout", phase: "ttfb" }, { phases: { connect: 7 } }),
    badLook(GCP, "weur", at, { cause: "not-started" }),
  ];
  const oc =
    at === LAST_AT
      ? { kind: "missed" as const, vantage: "oc", detail: "no report" }
      : report("oc", [badLook(AWS, "oc", at), goodLook(GCP, "oc", at)], []);
  return [report("enam", enam, AWS.endpoint.addresses), report("weur", weur, ["203.0.113.99"]), oc];
}
