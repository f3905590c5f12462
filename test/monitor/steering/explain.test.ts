// Whom a description means, and what the router would do for him.
import { describe, expect, test } from "vitest";
import { type ClientWords, explainRoute, parseClient } from "../../../monitor/steering/explain.ts";
import { NOTHING_KNOWN } from "../../../monitor/steering/snapshot.ts";
import type { Topology } from "../../../monitor/topology/topology.ts";
import { EXAMPLE } from "../../support/example-topology.ts";

const [enam, weur, oc] = EXAMPLE.probe.vantages;
const TOPOLOGY: Topology = {
  ...EXAMPLE,
  router: { ...EXAMPLE.router, mode: "proxy", steering: { by: "latency" } },
  probe: {
    ...EXAMPLE.probe,
    vantages: [
      ...(enam === undefined ? [] : [enam]),
      ...(weur === undefined
        ? []
        : [{ ...weur, location: { continent: "EU" as const, country: "FR", subdivision: null } }]),
      ...(oc === undefined ? [] : [oc]),
    ],
  },
};

describe("a client in words", () => {
  test.each<{ words: ClientWords; want: object }>([
    { words: {}, want: { country: null, continent: null, coordinates: null, colo: null } },
    { words: { country: "BE" }, want: { country: "BE", continent: "EU" } },
    { words: { country: "TR", continent: "EU" }, want: { country: "TR", continent: "EU" } },
    { words: { colo: "AMS" }, want: { colo: "AMS", country: null } },
    { words: { latitude: "50.85", longitude: "4.35" }, want: { coordinates: { latitude: 50.85, longitude: 4.35 } } },
    {
      words: { ip: "203.0.113.7" },
      want: { country: "FR", continent: "EU", colo: "CDG", coordinates: { latitude: 50.1, longitude: 4.4 } },
    },
    { words: { ip: "192.0.2.1" }, want: { country: null, continent: null, coordinates: null, colo: null } },
    { words: { ip: "2001:db8::1" }, want: { country: null, colo: null } },
  ])("$words", ({ words, want }) => {
    expect(parseClient(words, TOPOLOGY, { weur: "CDG" })).toMatchObject({ ok: true, value: want });
  });

  test("everything that is wrong with it is told at once", () => {
    const parsed = parseClient(
      { country: "be", colo: "AM", ip: "1.2.3", latitude: "91", longitude: "-181" },
      TOPOLOGY,
      {},
    );
    expect(parsed).toEqual({
      ok: false,
      problems: [
        { path: "country", message: 'expected a country\'s code such as BE, found "be"' },
        { path: "colo", message: 'expected a data centre\'s code such as AMS, found "AM"' },
        { path: "latitude", message: 'expected degrees from -90 to 90, found "91"' },
        { path: "longitude", message: 'expected degrees from -180 to 180, found "-181"' },
        { path: "ip", message: 'expected an IPv4 or IPv6 address, found "1.2.3"' },
      ],
    });
  });

  test("half a place is none", () => {
    expect(parseClient({ latitude: "50" }, TOPOLOGY, {})).toEqual({
      ok: false,
      problems: [{ path: "longitude", message: "expected latitude and longitude together" }],
    });
  });
});

test("an explanation has the whole order, and what it rests on", () => {
  const client = parseClient({ ip: "203.0.113.7" }, TOPOLOGY, {});
  if (!client.ok) throw new Error("it is a client");
  const snapshot = {
    ...NOTHING_KNOWN,
    at: 1000,
    health: { "aws-us-east-1": "healthy" as const, "gcp-europe-west1": "unhealthy" as const },
    latency: { weur: { "aws-us-east-1": 90, "gcp-europe-west1": 9 } },
  };
  expect(explainRoute(TOPOLOGY, snapshot, client.value, 0)).toMatchObject({
    mode: "proxy",
    steering: "latency",
    knownAt: "1970-01-01T00:00:01.000Z",
    region: "aws-us-east-1",
    failOpen: false,
    candidates: [
      { region: "aws-us-east-1", fitness: "healthy", why: "90 ms from weur" },
      { region: "gcp-europe-west1", fitness: "unhealthy", why: "9 ms from weur" },
    ],
  });
});
