// A recorded past by a short text: for each stretch of slots which regions serve, seen alike from every vantage unless said
// otherwise ("aws@oc=timeout"). The looks are made up; everything that is made of them is real.
import type { Observation } from "../../monitor/model/observation.ts";
import { fingerprint } from "../../monitor/topology/fingerprint.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import { type History, type HistoryRound, makeHistory, type SeenAnswer } from "../../monitor/verify/history.ts";
import { AWS, EXAMPLE, GCP } from "./example-topology.ts";
import { badLook, goodLook } from "./looks.ts";

export interface Stretch {
  /** Seconds; `to` is not part of it. */
  readonly from: number;
  readonly to: number;
  /** "down", "hang" (a timeout) and "redirect"; nothing: all serve. "oc=missed": a vantage without a report. */
  readonly says?: string;
  /** Addresses that all vantages are answered, authoritative and recursive. */
  readonly answers?: { readonly authoritative: readonly string[]; readonly recursive: readonly string[] };
  readonly policy?: string;
}

/** Slots without a stretch have no round. */
export function pastOf(stretches: readonly Stretch[], topology: Topology = EXAMPLE): History {
  const { intervalSeconds } = topology.probe;
  const rounds = stretches.flatMap(({ from, to, ...what }) => {
    const slots = Math.ceil((to - from) / intervalSeconds);
    return Array.from({ length: slots }, (_, index) =>
      roundOf(topology, what, (from + index * intervalSeconds) * 1000),
    );
  });
  return makeHistory(rounds, intervalSeconds * 1000);
}

function roundOf(topology: Topology, what: Omit<Stretch, "from" | "to">, slot: number): HistoryRound {
  const says = what.says ?? "";
  const vantages = topology.probe.vantages.map(({ id }) => id).filter((id) => !says.includes(`${id}=missed`));
  const { answers } = what;
  return {
    slot,
    at: slot + 900,
    policy: what.policy ?? fingerprint(topology),
    observations: vantages.flatMap((vantage) => [
      lookAt("aws", vantage, says, slot),
      lookAt("gcp", vantage, says, slot),
    ]),
    answers:
      answers === undefined
        ? []
        : vantages.flatMap((vantage): readonly SeenAnswer[] => [
            answerOf(topology, vantage, "authoritative", answers.authoritative),
            answerOf(topology, vantage, "recursive", answers.recursive),
          ]),
  };
}

function answerOf(
  topology: Topology,
  vantage: string,
  view: SeenAnswer["view"],
  addresses: readonly string[],
): SeenAnswer {
  return {
    name: topology.service.host,
    type: "A",
    vantage,
    view,
    addresses: addresses.length === 0 ? null : addresses,
  };
}

function lookAt(short: "aws" | "gcp", vantage: string, says: string, at: number): Observation {
  const region = short === "aws" ? AWS : GCP;
  const own = new RegExp(`\\b${short}@${vantage}=(\\S+)`).exec(says)?.[1];
  const word = own ?? new RegExp(`\\b${short}=(\\S+)`).exec(says)?.[1] ?? "up";
  switch (word) {
    case "up":
      return goodLook(region, vantage, at);
    case "down":
      return badLook(region, vantage, at);
    case "hang":
      return badLook(region, vantage, at, { cause: "timeout", detail: "no reply" });
    case "redirect":
      return badLook(region, vantage, at, { cause: "redirected", detail: "302" }, { status: 302 });
    default:
      throw new Error(`expected up, down, hang or redirect, found "${word}"`);
  }
}
