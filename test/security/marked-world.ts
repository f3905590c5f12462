// A monitor in whose every secret place a marker is planted, and in which everything goes wrong in words that hold markers:
// what may not be told is then found by its letters.
import { type Faces, makeApp } from "../../monitor/http/app.ts";
import type { DnsReply } from "../../monitor/model/observation.ts";
import { makeNodeStore, type NodeStore } from "../../monitor/node/store.ts";
import { makePeriodReport } from "../../monitor/report/period-report.ts";
import { makeSelf } from "../../monitor/report/self.ts";
import { makeStatus } from "../../monitor/report/status.ts";
import { runRecentBuckets } from "../../monitor/run/recent-buckets.ts";
import { runRecentReport } from "../../monitor/run/report-days.ts";
import { runRoundsPage } from "../../monitor/run/rounds-page.ts";
import { runRound } from "../../monitor/run/round.ts";
import { EMPTY_STATE } from "../../monitor/run/state.ts";
import { runVantage } from "../../monitor/run/vantage.ts";
import { DAY_MS } from "../../monitor/time.ts";
import { parseTopology } from "../../monitor/topology/parse.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import { tallyOf } from "../../monitor/report/tally.ts";
import { makeMemoryBuckets } from "../support/memory-buckets.ts";
import { type FakeWorld, makeFakeWorld } from "../support/fake-world.ts";

const ENDPOINT_HOST = "origin-marker.internal.example.net";
const VARIABLES = {
  ORIGIN_HOST: ENDPOINT_HOST,
  ADMIN_TOKEN: "admin-marker-91bd-0123456789",
  ALERT_WEBHOOK_URL: "https://hooks.example.org/webhook-marker",
};

/** What stands in no byte of a public face. */
export const MARKERS: readonly string[] = [
  "marker",
  ENDPOINT_HOST,
  "west.internal.example.net",
  "10.66.77.88",
  "fd00:66:77::88",
  "2001:db8:9:8:7:6:5:4",
];

/** What DNS tells everybody. */
export const PUBLIC_ADDRESS = "192.0.2.10";

export const MARKED_TEXT = `
service: { name: demo, host: demo.example.com, image: "demo:1" }
regions:
  - { id: east, region: us-east-1, cluster: { context: east-marker },
      endpoint: { url: "https://\${ORIGIN_HOST}", addresses: [${PUBLIC_ADDRESS}] } }
  - { id: west, region: us-west-2, cluster: { context: west-marker },
      endpoint: { url: "https://west.internal.example.net:8443", addresses: [198.51.100.20] } }
dns:
  zone: example.com
  policy: { routing: failover, primary: east, secondary: west }
  nameServers: [ns1.example.com]
  resolvers: ["https://doh.example.org/customer-marker-1/dns-query", "https://doh.example.org/customer-marker-2/dns-query"]
probe: { vantages: [ { id: enam, hint: enam }, { id: weur, hint: weur }, { id: oc, hint: oc } ] }
`;

/** As runtimes and libraries put it. */
const ODD = `connect EODD 10.66.77.88:443, host:fd00:66:77::88 and 2001:db8:9:8:7:6:5:4 of ${ENDPOINT_HOST.toUpperCase()}
at https://user-marker:pass-marker@west.internal.example.net:8443/healthz?token=query-marker`;
const WORDY = `Unexpected: west.internal.example.net said "https://x.example/?token=marker" from [fd00:66:77::88]:443`;

function markedTopology(): Topology {
  const parsed = parseTopology(MARKED_TEXT, VARIABLES);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

function failingWorld(): FakeWorld {
  const failed: DnsReply = { kind: "failed", failure: { cause: "internal", detail: ODD } };
  return makeFakeWorld({
    fetch: ({ url }) => {
      if (url.includes(ENDPOINT_HOST)) throw new Error(ODD);
      return { kind: "failed", failure: { cause: "reset", detail: WORDY }, status: null, phases: {} };
    },
    ask: (_query, server) => {
      if (server.kind === "recursive" && server.url.includes("marker-1")) throw new Error(`${server.url} ${ODD}`);
      return failed;
    },
  });
}

/** Rounds with two vantages that fail and one that does not come back. */
async function markedState(topology: Topology, store: NodeStore) {
  const world = failingWorld();
  let state = EMPTY_STATE;
  for (let slot = 0; slot < 5 * 30_000; slot += 30_000) {
    const round = await runRound(
      topology,
      slot,
      state,
      (job) =>
        job.vantage.id === "oc"
          ? Promise.reject(new Error(ODD))
          : runVantage(job, { colo: "AMS", nameServers: new Map() }, world),
      { clock: world.clock, store },
    );
    world.advance(30_000);
    state = round.state;
  }
  return { state, at: world.clock.now() };
}

export type MarkedApp = ReturnType<typeof makeApp>;

/** By what is wrong with it. */
export async function markedApps(): Promise<Readonly<Record<string, MarkedApp>>> {
  const topology = markedTopology();
  const made = makeNodeStore({ file: ":memory:" });
  if (made.kind === "failed") throw new Error(made.detail);
  const { state, at } = await markedState(topology, made.value);
  const ledger = { hours: new Map(), store: made.value, buckets: makeMemoryBuckets() };
  const recent = await runRecentReport(topology, state, 3_600_000, ledger, at);
  const buckets = await runRecentBuckets(topology, state, { width: "hour", windowMs: 3_600_000 }, ledger, at);
  const page = await runRoundsPage(topology, { from: null, to: null }, state.lastSlot, made.value);
  made.value.close();
  if (page.kind === "failed") throw new Error(page.detail);
  if (recent.kind === "failed") throw new Error(recent.detail);
  if (buckets.kind === "failed") throw new Error(buckets.detail);
  const incidents = [...state.incidents.open, ...state.incidents.closed];
  const facts = { tally: tallyOf(topology, []), next: null, incidents };
  const trouble = { storage: ODD, round: WORDY };
  const faces: Faces = {
    topologyProblems: [],
    readStatus: () => Promise.resolve(makeStatus(topology, state, at)),
    readSelf: () => Promise.resolve(makeSelf(topology, state, trouble, 0, at)),
    readRounds: () => Promise.resolve(page.value),
    reports: {
      readRecent: () => Promise.resolve(recent.value),
      readBuckets: () => Promise.resolve(buckets.value),
      readDays: () => Promise.resolve(["1970-01-01"]),
      readDay: () => Promise.resolve(makePeriodReport(topology, facts, { from: 0, to: DAY_MS }, at)),
    },
  };
  const reject = (): Promise<never> => Promise.reject(new Error(ODD));
  const drills = { readDrills: reject, startDrill: reject, endDrill: reject };
  const alerts = { readAlerts: reject, testAlert: reject, retryAlerts: reject };
  const writes = { token: VARIABLES.ADMIN_TOKEN, readAudit: reject, drills, alerts };
  return {
    "in which everything fails": makeApp({ ...faces, writes }),
    "which cannot answer": makeApp({
      ...faces,
      readStatus: reject,
      readSelf: reject,
      readRounds: reject,
      reports: { readRecent: reject, readBuckets: reject, readDays: reject, readDay: reject },
    }),
    "whose topology is broken": makeApp({ ...faces, topologyProblems: brokenProblems() }),
  };
}

/** A problem for a host, an address, a key and a value. */
function brokenProblems(): Faces["topologyProblems"] {
  const broken = MARKED_TEXT.replace(PUBLIC_ADDRESS, "10.66.77.88/marker")
    .replace("https://west.", "gopher://west.")
    .replace("name: demo", "name: demo, origin-marker: 1")
    .replace("routing: failover", "routing: marker");
  const parsed = parseTopology(broken, VARIABLES);
  if (parsed.ok) throw new Error("the broken topology is fine");
  return parsed.problems;
}
