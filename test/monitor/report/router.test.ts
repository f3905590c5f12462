// The router on every face that shows it, ordinary and not.
import { expect, test } from "vitest";
import { NO_METERS } from "../../../monitor/report/meters.ts";
import { makeMetrics } from "../../../monitor/report/metrics.ts";
import { makePage } from "../../../monitor/report/page.ts";
import { routerPhrase, type RouterRow, routerTroubles } from "../../../monitor/report/router-words.ts";
import { makeStatus } from "../../../monitor/report/status.ts";
import { EMPTY_STATE } from "../../../monitor/run/state.ts";
import { EXAMPLE } from "../../support/example-topology.ts";
import { RICH } from "./rich-status.ts";

const BARE = { refresh: "on", history: null } as const;
const AWS = "aws-us-east-1";
const ON = { ...EXAMPLE, router: { ...EXAMPLE.router, mode: "proxy" as const } };
const QUIET = {
  drains: {},
  isolates: 2,
  suspectedBy: {},
  mismatches: {},
  failedOpenAt: null,
  requests: 12,
  retries: 0,
  vain: 0,
};
const LOUD = {
  ...QUIET,
  drains: { [AWS]: { kind: "drain" as const, since: 0, until: 60_000 } },
  suspectedBy: { [AWS]: 1 },
  mismatches: { [AWS]: { claimed: "<mars>", at: 5 } },
  failedOpenAt: 7,
  retries: 3,
  vain: 1,
  served: { [AWS]: 9 },
};

function rowOf(router: typeof QUIET | typeof LOUD): RouterRow {
  const row = makeStatus(ON, { ...EMPTY_STATE, router }, 10).router;
  if (row === undefined) throw new Error("the router is on");
  return row;
}

test("/status has its row while it is on, and none while it is off", () => {
  expect(rowOf(LOUD)).toEqual({
    mode: "proxy",
    steering: "failover",
    host: "demo.multicloud.example.com",
    regions: [
      {
        id: AWS,
        drain: { kind: "drain", since: "1970-01-01T00:00:00.000Z", until: "1970-01-01T00:01:00.000Z" },
        suspectedBy: 1,
        served: 9,
        mismatch: { claimed: "<mars>", at: "1970-01-01T00:00:00.005Z" },
      },
      { id: "gcp-europe-west1", drain: null, suspectedBy: 0, served: 0, mismatch: null },
    ],
    failOpen: true,
    failedOpenAt: "1970-01-01T00:00:00.007Z",
    isolates: 2,
    requests: 12,
    retries: 3,
    vainRetries: 1,
  });
  expect(makeStatus(EXAMPLE, { ...EMPTY_STATE, router: LOUD }, 10).router).toBeUndefined();
  expect(makeStatus(ON, EMPTY_STATE, 10).router).toBeUndefined();
});

test("people are told what is out of the ordinary, and nothing else", () => {
  expect([routerPhrase(rowOf(QUIET)), routerTroubles(rowOf(QUIET))]).toEqual(["proxy by failover, 12 requests", []]);
  expect([routerPhrase(rowOf(LOUD)), routerTroubles(rowOf(LOUD))]).toEqual([
    "proxy by failover, 12 requests, 3 tried twice",
    [
      "all regions were down: it failed open",
      `${AWS} claims <mars>`,
      `${AWS} suspect to 1 of 2 isolates`,
      `${AWS} in drain until 1970-01-01T00:01:00.000Z`,
    ],
  ]);
});

test("the page shows it, and what a region claims is text", () => {
  const page = makePage({ ...RICH, router: rowOf(LOUD) }, BARE);
  expect(page).toContain(">Router</h2>");
  expect(page).toContain("claims &lt;mars&gt;");
  expect(makePage(RICH, BARE)).not.toContain(">Router</h2>");
});

test("metrics have it for each region, and none while it is off", () => {
  const lines = makeMetrics({ status: { ...RICH, router: rowOf(LOUD) }, meters: NO_METERS })
    .split("\n")
    .filter((line) => line.startsWith("edge_router"));
  expect(lines).toEqual([
    "edge_router_requests_total 12",
    `edge_router_served_total{region="${AWS}"} 9`,
    'edge_router_served_total{region="gcp-europe-west1"} 0',
    "edge_router_retries_total 3",
    "edge_router_vain_retries_total 1",
    "edge_router_isolates 2",
    "edge_router_fail_open 1",
    `edge_router_drained{region="${AWS}"} 1`,
    'edge_router_drained{region="gcp-europe-west1"} 0',
    `edge_router_suspected_by{region="${AWS}"} 1`,
    'edge_router_suspected_by{region="gcp-europe-west1"} 0',
    `edge_router_mismatch{region="${AWS}"} 1`,
    'edge_router_mismatch{region="gcp-europe-west1"} 0',
  ]);
  expect(makeMetrics({ status: RICH, meters: NO_METERS })).not.toContain("edge_router");
});
