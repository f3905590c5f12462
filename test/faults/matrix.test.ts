// Every endpoint fault under every DNS fault, on real sockets in Node: one test for each row of the matrix. What they showed
// is `docs/faults.md`; `UPDATE=1` writes it anew.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import tls from "node:tls";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeNodeStore } from "../../monitor/node/store.ts";
import { makeNodeWorld } from "../../monitor/node/world.ts";
import { startDnsServer } from "../support/dns-server.ts";
import { startFaultServer } from "../support/fault-server.ts";
import { ROOT } from "../support/source-files.ts";
import { type Cell, ROUNDS, runCell, topologyOf, VANTAGES } from "./cell.ts";
import { COURSES, DNS_ROWS } from "./dns-rows.ts";
import { ENDPOINT_ROWS } from "./endpoint-rows.ts";
import { ALL_WELL, type CellFacts, factsOf, nameOf } from "./facts.ts";
import { pageOf } from "./page.ts";

const PAGE = join(ROOT, "docs/faults.md");
/** More would be no faster. */
const BUSY_AT_ONCE = 6;
/** Cells with something that hangs: they only wait, so many can wait together. */
const HANGING_AT_ONCE = 36;
/** A process that stood still for so long may have made timeouts of anything. */
const HELD_UP_MS = 200;
const RUN_MS_MAX = 300_000;

const CELLS: readonly Cell[] = ENDPOINT_ROWS.flatMap((endpoint) => DNS_ROWS.map((dns) => ({ endpoint, dns })));

const faults = await startFaultServer();
const dns = await startDnsServer();
const authorities = tls.getCACertificates("default");
const facts = new Map<string, CellFacts>();
const runs: { readonly cell: Cell; readonly heldUpMs: number }[] = [];

beforeAll(async () => {
  tls.setDefaultCACertificates([...authorities, faults.addresses.authority]);
  const world = makeNodeWorld();
  const servers = { faults: faults.addresses, dns: dns.addresses };
  const run = async (cell: Cell): Promise<void> => {
    const heldUpMs = watchHoldUps();
    const store = makeNodeStore({ file: ":memory:" });
    if (store.kind === "failed") throw new Error(store.detail);
    const result = await runCell(cell, servers, world, store.value, ROUNDS);
    store.value.close();
    facts.set(nameOf(cell), factsOf(result, topologyOf(cell, servers)));
    runs.push({ cell, heldUpMs: heldUpMs() });
  };
  await runAll(run);
  for (const cell of doubtfulCells()) await run(cell);
}, RUN_MS_MAX);

afterAll(async () => {
  tls.setDefaultCACertificates(authorities);
  dns.close();
  await faults.close();
});

/** What hangs is begun little by little, while the others run: all at once it would make itself late. */
async function runAll(run: (cell: Cell) => Promise<void>): Promise<void> {
  const [busy, hanging] = [CELLS.filter((cell) => !hangs(cell)), CELLS.filter(hangs)];
  const [waiting, waitingLong] = [busy.values(), hanging.values()];
  const busyPerLane = Math.floor(busy.length / HANGING_AT_ONCE);
  const lanes: Promise<void>[] = [];
  const hangingLane = async (): Promise<void> => {
    for (const cell of waitingLong) await run(cell);
  };
  let done = 0;
  const busyLane = async (): Promise<void> => {
    for (const cell of waiting) {
      await run(cell);
      done += 1;
      if (done % busyPerLane === 0 && lanes.length < HANGING_AT_ONCE) lanes.push(hangingLane());
    }
  };
  await Promise.all(Array.from({ length: BUSY_AT_ONCE }, busyLane));
  await Promise.all(lanes);
}

/** Milliseconds for which this process did nothing at a stretch, since the call. */
function watchHoldUps(): () => number {
  let lastMs = performance.now();
  let worstMs = 0;
  const look = (): void => {
    worstMs = Math.max(worstMs, performance.now() - lastMs);
    lastMs = performance.now();
  };
  const timer = setInterval(look, HELD_UP_MS / 4);
  return () => {
    clearInterval(timer);
    look();
    return worstMs;
  };
}

/** Not as expected, and this machine may be to blame: these are run once more, one after another. */
function doubtfulCells(): readonly Cell[] {
  return runs
    .filter(({ heldUpMs }) => heldUpMs > HELD_UP_MS)
    .map(({ cell }) => cell)
    .filter((cell) => !isDeepStrictEqual(factsFor(cell), expectedFacts(cell)));
}

function hangs({ endpoint, dns: { node } }: Cell): boolean {
  return [endpoint.node, node.authoritative, node.recursive].includes("timeout");
}

function factsFor(cell: Cell): CellFacts {
  const found = facts.get(nameOf(cell));
  if (found === undefined) throw new Error(`${nameOf(cell)} was not run`);
  return found;
}

function expectedFacts({ endpoint, dns: row }: Cell): object {
  const verdicts = COURSES[endpoint.route53 === "healthy" ? row.verdicts : row.verdictsMoved];
  const dnsLast = verdicts.at(-1);
  const deviating = [
    ...(endpoint.region === "deviates" ? ["region"] : []),
    ...(endpoint.claim === "deviates" ? ["claim"] : []),
    ...(dnsLast === "deviates" ? ["dns"] : []),
  ];
  const view = (reply: string): object => ({ reply, verdicts });
  return {
    cause: endpoint.node ?? "none",
    route53: endpoint.route53,
    region: endpoint.region,
    claim: endpoint.claim,
    authoritative: view(row.node.authoritative),
    recursive: view(row.node.recursive),
    overall: deviating.length === 0 ? "conforms" : "deviates",
    worst: deviating,
    undisturbed: ALL_WELL,
  };
}

describe("under every DNS fault", () => {
  test.each(ENDPOINT_ROWS)("$fault is seen as what it is, and disturbs nothing else", (endpoint) => {
    const seen = DNS_ROWS.map((row) => [row.fault, factsFor({ endpoint, dns: row })]);
    const want = DNS_ROWS.map((row) => [row.fault, expectedFacts({ endpoint, dns: row })]);
    expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(want));
  });

  test("a redirect to itself is asked for once a look", () => {
    const own = runs.filter(({ cell }) => cell.endpoint.server === "redirect-loop");
    expect(faults.requests("redirect-loop")).toBeGreaterThan(own.length);
    expect(faults.requests("redirect-loop")).toBeLessThanOrEqual(own.length * ROUNDS * VANTAGES);
  });

  test.each(
    [...new Set(ENDPOINT_ROWS.map((row) => row.server))].filter((one) => one !== "refuse" && one !== "unanswered"),
  )("%s is left without an open connection", async (server) => {
    expect(await (await fetch(`${faults.addresses.controlUrl}/closed/${server}`)).text()).toBe("closed");
  });

  test("the name servers are left without an open connection", async () => {
    expect(await (await fetch(dns.addresses.closedUrl)).text()).toBe("closed");
  });
});

test("the page says what was seen", () => {
  const page = pageOf((endpoint, row) => factsFor({ endpoint, dns: row }));
  if (process.env["UPDATE"] === "1") writeFileSync(PAGE, page);
  expect(readFileSync(PAGE, "utf8")).toBe(page);
});
