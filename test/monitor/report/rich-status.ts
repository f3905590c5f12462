// A status with something of everything: all phases, failures of the region and of ours, a vantage that fell silent, DNS inside and
// outside the policy, an open incident.
import type { MonitorState, VantageOutcome } from "../../../monitor/model.ts";
import { makeStatus } from "../../../monitor/report/status.ts";
import type { StatusReport } from "../../../monitor/report/status-schema.ts";
import { foldRound } from "../../../monitor/run/fold.ts";
import { EMPTY_STATE } from "../../../monitor/run/state.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";
import { badLook, dnsLook, goodLook } from "../../support/looks.ts";

const ROUNDS = 4;
const LAST_AT = (ROUNDS - 1) * 30_000;

export const RICH: StatusReport = makeStatus(EXAMPLE, richState(), LAST_AT + 1500);

function richState(): MonitorState {
  let state = EMPTY_STATE;
  for (let at = 0; at <= LAST_AT; at += 30_000) state = foldRound(EXAMPLE, state, outcomesAt(at), at, at).state;
  return state;
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
