import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MonitorState } from "../../../monitor/model/state.ts";
import { makePage, type PageWish } from "../../../monitor/report/page.ts";
import { makeStatus } from "../../../monitor/report/status.ts";
import type { StatusReport } from "../../../monitor/report/status-schema.ts";
import { foldRound } from "../../../monitor/run/fold.ts";
import { EMPTY_STATE } from "../../../monitor/run/state.ts";
import { HOUR_MS } from "../../../monitor/time.ts";
import type { Topology } from "../../../monitor/topology/topology.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";
import { badLook, dnsLook, goodLook } from "../../support/looks.ts";
import { hourBuckets } from "./hour-buckets.ts";
import { RICH } from "./rich-status.ts";

const GOLDEN = import.meta.glob<string>("./golden/page.html", { query: "?raw", import: "default", eager: true });
const BARE: PageWish = { refresh: "on", history: null };

/** The first region is down, the others serve. */
function after(rounds: number, topology: Topology = EXAMPLE): MonitorState {
  let state = EMPTY_STATE;
  for (let round = 0; round < rounds; round += 1) {
    const at = round * 30_000;
    const outcomes = topology.probe.vantages.map(({ id }) => ({
      kind: "reported" as const,
      report: {
        vantage: id,
        colo: `local-${id}`,
        observations: topology.regions.map((region, index) =>
          index === 0 ? badLook(region, id, at) : goodLook(region, id, at),
        ),
        dns: [dnsLook(id, "authoritative", at, GCP.endpoint.addresses)],
      },
    }));
    state = foldRound(topology, state, outcomes, at, at).state;
  }
  return state;
}
const DOWN = makeStatus(EXAMPLE, after(3), 61_000);

test("the page is the golden one, to the byte", () => {
  const history = hourBuckets(EXAMPLE, [-HOUR_MS, 0], (from, region) =>
    region === AWS.id && from === 0 ? { up: 8, down: 4 } : { up: 350, down: 0, missed: 10 },
  );
  expect(makePage(RICH, { refresh: "off", history })).toBe(GOLDEN["./golden/page.html"]);
});

test("nothing that the world said becomes markup", () => {
  fc.assert(
    fc.property(fc.constantFrom('<script>alert("x")</script>', "</td><img src=x>", '" onload="x'), (evil) => {
      const cell = { ...DOWN.matrix[AWS.id]?.["oc"], failure: { cause: "refused" as const, detail: evil } };
      const matrix = { [AWS.id]: { oc: { state: "down", at: null, ageMs: null, totalMs: null, phases: {}, ...cell } } };
      const report: StatusReport = {
        ...DOWN,
        matrix: matrix as StatusReport["matrix"],
        verdicts: [{ subject: evil, verdict: "deviates", reason: evil }],
        incidents: [{ id: evil, subject: evil, openedAt: "1970-01-01T00:00:00.000Z", reason: evil, causedBy: evil }],
        failover: { ...DOWN.failover, reason: evil },
      };
      const page = makePage(report, BARE);
      expect(page).not.toContain(evil);
      expect(page.match(/<script|<img/g)).toBeNull();
    }),
  );
});

test("it shows what is wrong first, then what is known of it, then what was", () => {
  const page = makePage(DOWN, BARE);
  const places = [
    "<h1>Region aws-us-east-1 does not serve users</h1>",
    "1 of 2 regions serves users. DNS leads users to gcp-europe-west1, as the policy says.",
    '<ol class="troubles">',
    ">Regions</h2>",
    ">The last 24 hours",
    ">Latency",
    ">DNS answers",
    ">Incidents",
    ">Verdicts</h2>",
  ].map((words) => page.indexOf(words));
  expect(places.every((place) => place > 0)).toBe(true);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

test("vantages that were told the same share an entry", () => {
  expect(makePage(DOWN, BARE)).toContain("<strong>enam weur oc</strong> <small>authoritative</small>");
});

test("DNS incidents that began and ended together share an entry, and each keeps its anchor", () => {
  const incident = (id: string, closedAt?: string): StatusReport["incidents"][number] => ({
    id,
    subject: `dns:demo.example.com:${id}:recursive`,
    openedAt: "1970-01-01T00:00:30.000Z",
    reason: "",
    ...(closedAt === undefined ? {} : { closedAt }),
  });
  const incidents = [incident("weur"), incident("oc"), incident("enam", "1970-01-01T00:01:00.000Z")];
  const page = makePage({ ...DOWN, incidents }, BARE);
  const anchors = [...page.matchAll(/<(li|span) id="[0-9a-f]{12}"/g)].map(([, tag]) => tag);
  expect(anchors).toEqual(["li", "span", "li"]);
  expect(page).toContain("(weur, recursive) and 1 more");
});

test("of many incidents fifty are shown, and where the others are", () => {
  const incidents = Array.from({ length: 70 }, (_, index) => ({
    id: String(index),
    subject: `region:r${index}`,
    openedAt: "1970-01-01T00:00:30.000Z",
    reason: "",
  }));
  expect(makePage({ ...DOWN, incidents }, BARE)).toContain('20 more are in the <a href="/report');
});

test("it loads itself again unless a reader does not want that", () => {
  expect(makePage(DOWN, BARE)).toContain('http-equiv="refresh" content="10"');
  expect(makePage(DOWN, { ...BARE, refresh: "off" })).not.toContain("http-equiv");
});

test("what a monitor saw before it fell silent goes without colours", () => {
  expect(makePage(makeStatus(EXAMPLE, after(3), HOUR_MS), BARE)).toContain('<main class="stale">');
  expect(makePage(DOWN, BARE)).toContain("<main>");
});

describe("the page is not large", () => {
  const grown = (regions: number, vantages: number): Topology => ({
    ...EXAMPLE,
    regions: Array.from({ length: regions }, (_, index) => ({ ...AWS, id: `cloud-a-region-${index}` })),
    dns: { ...EXAMPLE.dns, policy: { routing: "multivalue", ttlSeconds: 60 } },
    probe: {
      ...EXAMPLE.probe,
      vantages: Array.from({ length: vantages }, (_, index) => ({
        id: `place-${index}`,
        hint: "weur" as const,
        clientSubnet: null,
        latencyOrder: [],
      })),
    },
  });
  test.each([
    { regions: 2, vantages: 5, bytesMax: 22_000 },
    { regions: 40, vantages: 24, bytesMax: 260_000 },
  ])("with $regions regions and $vantages vantages: at most $bytesMax bytes", ({ regions, vantages, bytesMax }) => {
    const topology = grown(regions, vantages);
    const hours = Array.from({ length: 24 }, (_, index) => (index - 23) * HOUR_MS);
    const history = hourBuckets(topology, hours, () => ({ up: 10_000, down: 1000, missed: 1000 }));
    const page = makePage(makeStatus(topology, after(3, topology), 61_000), { refresh: "on", history });
    expect(page.length).toBeLessThan(bytesMax);
    expect(page.length).toBeGreaterThan(bytesMax / 3);
  });
});
