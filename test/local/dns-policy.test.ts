// What the local world's name server answers under each routing policy: always one of the evaluator's legal answers, and of
// several the one that chance draws.
import { describe, expect, test } from "vitest";
import { permits } from "../../monitor/policy/answer.ts";
import { expectedAnswer } from "../../monitor/policy/evaluator.ts";
import { authorityOf, type Query, replyTo } from "../../monitor/local/dns-policy.ts";
import type { DnsPolicy, Topology, Vantage } from "../../monitor/topology/topology.ts";
import { askerOf } from "../../monitor/verify/standing.ts";
import { AWS, EXAMPLE, GCP } from "../support/example-topology.ts";
import { topologyOfClusters } from "../render/topologies.ts";

const [EAST, WEST] = ["192.0.2.10", "198.51.100.20"];

function withRouting(policy: DnsPolicy, topology: Topology = EXAMPLE): Topology {
  return { ...topology, dns: { ...topology.dns, policy } };
}

function ask(topology: Topology, chance: number, subnet: string | null = null): readonly string[] {
  const [address = "", prefix = "0"] = subnet?.split("/") ?? [];
  const query: Query = {
    kind: "query",
    id: 1,
    name: topology.service.host,
    type: "A",
    recursionDesired: false,
    udpSizeMax: 512,
    clientSubnet: subnet === null ? null : { address, prefix: Number(prefix) },
  };
  const health = Object.fromEntries(topology.regions.map(({ id }) => [id, "healthy" as const]));
  const reply = replyTo(query, "authoritative", authorityOf(topology), { fault: "open", health, chance });
  return reply.answers.map((answer) => answer.address);
}

const CHANCES = Array.from({ length: 100 }, (_, index) => index / 100);

test("weights are shares of chance", () => {
  const topology = withRouting({ routing: "weighted", weights: { [AWS.id]: 30, [GCP.id]: 10 }, ttlSeconds: 60 });
  const answers = CHANCES.map((chance) => ask(topology, chance).join(" "));
  expect(answers.filter((answer) => answer === EAST)).toHaveLength(75);
  expect(answers.filter((answer) => answer === WEST)).toHaveLength(25);
});

test("weights that are all zero answer, too", () => {
  const topology = withRouting({ routing: "weighted", weights: { [AWS.id]: 0 }, ttlSeconds: 60 });
  expect(new Set(CHANCES.flatMap((chance) => ask(topology, chance)))).toEqual(new Set([EAST]));
});

test("a multivalue answer holds eight values at most, and chance chooses which", () => {
  const addresses = Array.from({ length: 12 }, (_, index) => `203.0.113.${index}`);
  const regions = [{ ...AWS, endpoint: { ...AWS.endpoint, addresses } }, GCP];
  const topology = withRouting({ routing: "multivalue", ttlSeconds: 60 }, { ...EXAMPLE, regions });
  const answers = CHANCES.map((chance) => ask(topology, chance));
  expect(new Set(answers.map((answer) => new Set(answer).size))).toEqual(new Set([8]));
  expect(new Set(answers.flat())).toEqual(new Set([...addresses, WEST]));
});

describe("a vantage gets what the judge expects for it", () => {
  const vantages: readonly Vantage[] = [
    {
      id: "weur",
      hint: "weur",
      clientSubnet: "203.0.113.0/24",
      latencyOrder: [],
      location: { continent: "EU", country: "BE", subdivision: null },
      coordinates: { latitude: 50.85, longitude: 4.35 },
    },
    {
      id: "enam",
      hint: "enam",
      clientSubnet: "198.51.100.0/24",
      latencyOrder: [],
      location: { continent: "NA", country: "US", subdivision: "NY" },
      coordinates: { latitude: 40.71, longitude: -74.01 },
    },
  ];

  test.each<{ policy: DnsPolicy; answers: readonly (string | undefined)[] }>([
    {
      policy: { routing: "geolocation", locations: { [AWS.id]: ["*"], [GCP.id]: ["EU"] }, ttlSeconds: 60 },
      answers: [WEST, EAST],
    },
    { policy: { routing: "geoproximity", biases: {}, ttlSeconds: 60 }, answers: [WEST, EAST] },
    {
      policy: { routing: "ip-based", blocks: { [GCP.id]: ["198.51.100.0/24"] }, default: AWS.id, ttlSeconds: 60 },
      answers: [EAST, WEST],
    },
  ])("$policy.routing", ({ policy, answers }) => {
    const base = topologyOfClusters(2);
    const topology = withRouting(policy, { ...base, probe: { ...base.probe, vantages } });
    const { zone } = authorityOf(topology);
    const seen = vantages.map((vantage) => {
      const reply = ask(topology, 0.5, vantage.clientSubnet);
      const question = { name: topology.service.host, type: "A" as const, asker: askerOf(vantage) };
      const { acceptable } = expectedAnswer(zone, question, { [AWS.id]: "healthy", [GCP.id]: "healthy" });
      expect(acceptable.some((choice) => permits(choice, reply))).toBe(true);
      return reply[0];
    });
    expect(seen).toEqual(answers);
  });
});
