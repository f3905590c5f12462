// The short name of a topology: the same for the same meaning, another for any change.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { fingerprint, textFingerprint } from "../../../monitor/topology/fingerprint.ts";
import type { Topology } from "../../../monitor/topology/topology.ts";
import { edited, extended, SMALLEST, topologyOf } from "../../support/topology-text.ts";

const TOPOLOGY = topologyOf(SMALLEST);

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, part]) => [key, reversed(part)]),
  );
}

test("it is the published FNV-1a of the canonical text", () => {
  // Computed elsewhere (Python) from the definition; the shortest JSON texts there are.
  expect(textFingerprint("7")).toBe("af63aa4c86019796");
  expect(textFingerprint('"a"')).toBe("d4272417d7c77eea");
  expect(textFingerprint("true")).toBe("5b5c98ef514dbfa5");
});

test("how the router routes is no part of it", () => {
  expect(fingerprint(topologyOf(extended("router: { mode: proxy, steering: { by: latency } }")))).toBe(
    fingerprint(TOPOLOGY),
  );
});

test("what is promised is no part of it", () => {
  const promising = extended("objectives: [{ name: availability, target: 0.999, windowDays: 30 }]");
  expect(fingerprint(topologyOf(promising))).toBe(fingerprint(TOPOLOGY));
});

test("maintenance is no part of it: it changes nothing of what DNS should answer", () => {
  const text = extended(
    "maintenance: [{ name: patches, weekdays: [sun], start: '02:00', durationMinutes: 60, timeZone: UTC }]",
  );
  expect(topologyOf(text).maintenance).toHaveLength(1);
  expect(fingerprint(topologyOf(text))).toBe(fingerprint(TOPOLOGY));
});

test("it does not change from release to release", () => {
  expect(fingerprint(TOPOLOGY)).toBe("06f58e240b89b31f");
});

test("the order of keys means nothing", () => {
  expect(fingerprint(reversed(TOPOLOGY) as Topology)).toBe(fingerprint(TOPOLOGY));
});

test("the way to the federation's control plane is no part of it", () => {
  const text = edited(["dns:", "federation: { context: host }\ndns:"]);
  expect(topologyOf(text).federation).toEqual({ context: "host" });
  expect(fingerprint(topologyOf(text))).toBe(fingerprint(TOPOLOGY));
});

test("the order of lists means something", () => {
  expect(fingerprint({ ...TOPOLOGY, regions: TOPOLOGY.regions.toReversed() })).not.toBe(fingerprint(TOPOLOGY));
});

test("a file with its defaults written out is the same topology", () => {
  const text = edited(
    ["context: east", "context: east, replicas: 2"],
    ["secondary: west", "secondary: west, ttlSeconds: 60"],
  );
  expect(fingerprint(topologyOf(text))).toBe(fingerprint(TOPOLOGY));
});

test("any two settings differ", () => {
  const settings = fc.record({ propagationSeconds: fc.nat(), apiPropagationSeconds: fc.nat(), slackSeconds: fc.nat() });
  const withTiming = (timing: Topology["dns"]["timing"]) =>
    fingerprint({ ...TOPOLOGY, dns: { ...TOPOLOGY.dns, timing } });
  fc.assert(
    fc.property(settings, settings, (a, b) => {
      expect(withTiming(a) === withTiming(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
  );
});
