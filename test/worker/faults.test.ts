// The rows of the fault matrix inside workerd, where causes are coarser: what `docs/faults.md` prints of the Worker.
import { exports } from "cloudflare:workers";
import { beforeAll, describe, expect, inject, test } from "vitest";
import type { Store } from "../../monitor/run/world.ts";
import { makeEdgeWorld } from "../../worker/edge-world.ts";
import { type Cell, FAILURE_THRESHOLD, runCell, topologyOf } from "../faults/cell.ts";
import { DNS_ROWS } from "../faults/dns-rows.ts";
import { ENDPOINT_ROWS } from "../faults/endpoint-rows.ts";
import { type CellFacts, factsOf } from "../faults/facts.ts";

const [WELL] = ENDPOINT_ROWS;
const [ANSWERING] = DNS_ROWS;

const NOWHERE: Store = {
  readState: () => Promise.resolve({ kind: "done", value: null }),
  commitRound: () => Promise.resolve({ kind: "done", value: true }),
  readRounds: () => Promise.resolve({ kind: "done", value: [] }),
};

const LOAD_MS_MAX = 30_000;

// The first call loads the whole Worker, which is Vite's time and no fault of anybody.
beforeAll(async () => {
  await exports.EdgeDialer.dial({ host: "127.0.0.1", port: inject("busyFaults").ports.ok, secure: "tcp" }, LOAD_MS_MAX);
}, LOAD_MS_MAX);

/** As many rounds as make an opinion. */
async function run(cell: Partial<Cell>): Promise<CellFacts> {
  const { endpoint = WELL, dns = ANSWERING } = cell;
  if (endpoint === undefined || dns === undefined) throw new Error("the tables begin with what is well");
  const servers = { faults: inject("busyFaults"), dns: inject("busyDns") };
  const whole = { endpoint, dns };
  const result = await runCell(whole, servers, makeEdgeWorld(exports.EdgeDialer), NOWHERE, FAILURE_THRESHOLD);
  return factsOf(result, topologyOf(whole, servers));
}

describe.concurrent("in a Worker", () => {
  test.each(ENDPOINT_ROWS)("the endpoint fault $fault has its cause and its verdicts", async (endpoint) => {
    const facts = await run({ endpoint });
    expect(facts).toMatchObject({
      cause: endpoint.worker ?? "none",
      route53: endpoint.route53Worker ?? endpoint.route53,
      region: endpoint.region,
      claim: endpoint.claim,
      undisturbed: {
        otherRegion: "conforms",
        otherVantage: endpoint.route53Worker === undefined ? "conforms" : "undecided",
        missed: [],
        saved: "saved",
        rounds: FAILURE_THRESHOLD,
        missedSlots: 0,
      },
    });
  });

  test.each(DNS_ROWS)("the DNS fault $fault has its replies, and the regions conform", async (dns) => {
    const facts = await run({ dns });
    expect(facts).toMatchObject({
      cause: "none",
      region: "conforms",
      authoritative: { reply: dns.worker.authoritative },
      recursive: { reply: dns.worker.recursive },
      undisturbed: { otherRegion: "conforms", otherVantage: "conforms", missed: [], saved: "saved" },
    });
  });
});
