// Rounds in a row, where one bad thing hides behind many good ones: a name server among several, a vantage among several.
import { expect, test } from "vitest";
import type { DnsObservation, Observation } from "../../../monitor/model/observation.ts";
import type { MonitorState } from "../../../monitor/model/state.ts";
import { foldRound } from "../../../monitor/run/fold.ts";
import { EMPTY_STATE } from "../../../monitor/run/state.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";
import { badLook, dnsLook, goodLook } from "../../support/looks.ts";

const INTERVAL_MS = 30_000;

interface Seen {
  readonly observations: (vantage: string, at: number) => readonly Observation[];
  readonly dns: (vantage: string, at: number) => readonly DnsObservation[];
}

function watch(rounds: number, seen: Seen): readonly MonitorState[] {
  const states: MonitorState[] = [];
  let state = EMPTY_STATE;
  for (let round = 0; round < rounds; round += 1) {
    const at = round * INTERVAL_MS;
    const outcomes = EXAMPLE.probe.vantages.map(({ id }) => ({
      kind: "reported" as const,
      report: { vantage: id, colo: id, observations: seen.observations(id, at), dns: seen.dns(id, at) },
    }));
    state = foldRound(EXAMPLE, state, outcomes, at, at).state;
    states.push(state);
  }
  return states;
}

function dnsVerdicts(state: MonitorState | undefined): ReadonlySet<string> {
  return new Set(state?.verdicts.filter(({ subject }) => subject.startsWith("dns:")).map(({ verdict }) => verdict));
}

const dead = (vantage: string, at: number): readonly Observation[] => [
  at < 90_000 ? goodLook(AWS, vantage, at) : badLook(AWS, vantage, at),
  goodLook(GCP, vantage, at),
];

test("one of two name servers that keeps the old answer deviates, although the other one is right", () => {
  const states = watch(20, {
    observations: dead,
    dns: (vantage, at) => {
      const turn = (at / INTERVAL_MS) % 2;
      const region = turn === 0 || at < 90_000 ? AWS : GCP;
      return [{ ...dnsLook(vantage, "authoritative", at, region.endpoint.addresses), server: `ns${turn}` }];
    },
  });
  expect(dnsVerdicts(states.at(-1))).toEqual(new Set(["deviates"]));
  expect(dnsVerdicts(states.at(-2))).toEqual(new Set(["deviates"]));
  expect(states.at(-1)?.incidents.open.filter(({ subject }) => subject.startsWith("dns:"))).toHaveLength(3);
});

test("a single vantage that flaps on the healthy region does not excuse DNS that stays with the dead one", () => {
  const states = watch(60, {
    observations: (vantage, at) => {
      const flaps = vantage === "oc" && (at / INTERVAL_MS) % 5 === 0;
      return [
        dead(vantage, at)[0] ?? goodLook(AWS, vantage, at),
        flaps ? badLook(GCP, vantage, at) : goodLook(GCP, vantage, at),
      ];
    },
    dns: (vantage, at) => [dnsLook(vantage, "authoritative", at, AWS.endpoint.addresses)],
  });
  expect(dnsVerdicts(states.at(-1))).toEqual(new Set(["deviates"]));
});

test("a backend that is gone behind a load balancer that still accepts is dead for Route 53 too, so DNS may leave it", () => {
  const states = watch(20, {
    observations: (vantage, at) => {
      const lost = badLook(AWS, vantage, at, { cause: "connection-lost" }, { phases: { connect: 5 } });
      return [at < 90_000 ? goodLook(AWS, vantage, at) : lost, goodLook(GCP, vantage, at)];
    },
    dns: (vantage, at) => [dnsLook(vantage, "authoritative", at, (at < 180_000 ? AWS : GCP).endpoint.addresses)],
  });
  expect(states.flatMap((state) => [...dnsVerdicts(state)])).not.toContain("deviates");
  expect(dnsVerdicts(states.at(-1))).toEqual(new Set(["conforms"]));
});
