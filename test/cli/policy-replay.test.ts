// `monitor policy replay` as scripts and people see it, from each kind of history.
import { createServer, type Server } from "node:http";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { makeApp } from "../../monitor/http/app.ts";
import { createAppServer } from "../../monitor/local/app-server.ts";
import { closeListener, listenOn } from "../../monitor/local/listening.ts";
import { makeNodeStore } from "../../monitor/node/store.ts";
import type { RoundsPage } from "../../monitor/report/rounds-page-schema.ts";
import { runRoundsPage } from "../../monitor/run/rounds-page.ts";
import { EMPTY_STATE } from "../../monitor/run/state.ts";
import { AWS, EXAMPLE, GCP } from "../support/example-topology.ts";
import { makeMemoryStore } from "../support/memory-store.ts";
import { ROOT } from "../support/source-files.ts";
import { cell, kept } from "../monitor/report/round-examples.ts";
import { policy } from "./policy-run.ts";

const SAVED = join(ROOT, "test/cli/policy-history/lost-primary.jsonl");
const ROUNDS = 900;
const LAST = (ROUNDS - 1) * 30_000;
const folder = mkdtempSync(join(tmpdir(), "replay-"));
let server: Server | null = null;

afterEach(async () => {
  if (server !== null) await closeListener(server);
  server = null;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The primary is lost for ten minutes. */
const rows = Array.from({ length: ROUNDS }, (_, index) =>
  kept(
    index * 30_000,
    ["enam", "weur", "oc"].flatMap((vantage) => [
      cell(AWS.id, vantage, index >= 400 && index < 420 ? "refused" : 20, index < 400 || index >= 420),
      cell(GCP.id, vantage, 90),
    ]),
  ),
);

async function serve(listening: Server): Promise<string> {
  server = listening;
  return `http://127.0.0.1:${await listenOn(listening, { host: "127.0.0.1", port: 0 })}`;
}

async function serveHistory(): Promise<string> {
  const store = makeMemoryStore();
  for (const { slot, row } of rows) await store.commitRound(slot, JSON.stringify(row), "{}");
  const notAsked = (): Promise<never> => Promise.reject(new Error("not asked"));
  const app = makeApp({
    topologyProblems: [],
    readStatus: notAsked,
    readSelf: notAsked,
    reports: { readRecent: notAsked, readDays: notAsked, readDay: notAsked, readBuckets: notAsked },
    readRounds: async (wish) => {
      const page = await runRoundsPage(EXAMPLE, wish, LAST, store);
      if (page.kind === "failed") throw new Error(page.detail);
      return page.value;
    },
  });
  return serve(createAppServer(app));
}

async function storeFile(): Promise<string> {
  const file = join(folder, "store.sqlite");
  const made = makeNodeStore({ file });
  if (made.kind === "failed") throw new Error(made.detail);
  const state = JSON.stringify({ ...EMPTY_STATE, lastSlot: LAST });
  for (const { slot, row } of rows) await made.value.commitRound(slot, JSON.stringify(row), state);
  made.value.close();
  return file;
}

const WHOLE = ["--from", "1970-01-01T00:00:00Z", "--to", "1970-01-02T00:00:00Z"];
const NERVOUS = ["--interval", "10", "--threshold", "2", "--json"];

interface Told {
  readonly verdict: string;
  readonly data: { readonly rounds: number; readonly faults: readonly { readonly differenceMs: number }[] };
}

describe("a history", () => {
  test("is read from a running monitor page by page, from its store, and from what was saved, with the same outcome", async () => {
    const url = await serveHistory();
    const saved = join(folder, "saved.jsonl");
    const outcomes = [
      await policy("replay", "--url", url, ...WHOLE, ...NERVOUS, "--save", saved),
      await policy("replay", "--store", await storeFile(), ...WHOLE, ...NERVOUS),
      await policy("replay", "--history", saved, ...NERVOUS),
    ];
    const [first, ...others] = outcomes.map(({ stdout }) => JSON.parse(stdout) as Told);
    expect(outcomes.map(({ status, stderr }) => [status, stderr])).toEqual([
      [0, ""],
      [0, ""],
      [0, ""],
    ]);
    expect(first).toMatchObject({ verdict: "conforms", data: { rounds: ROUNDS, uncertaintyMs: 30_000 } });
    for (const other of others) expect(other.data).toEqual(first?.data);
    expect(readFileSync(saved, "utf8").trim().split("\n")).toHaveLength(2);
  });

  test("is cut to its window", async () => {
    const [from, to] = ["2026-11-22T03:00:00Z", "2026-11-22T03:05:00Z"];
    const { stdout } = await policy("replay", "--history", SAVED, "--from", from, "--to", to, ...NERVOUS);
    expect((JSON.parse(stdout) as Told).data.rounds).toBe(11);
  });

  test("that is too short says what it needs, with exit 4", async () => {
    const to = ["--to", "2026-11-22T03:00:00Z", "--threshold", "10"];
    const { status, stdout } = await policy("replay", "--history", SAVED, ...to);
    expect(status).toBe(4);
    expect(stdout).toContain("expected a history of at least 1 m 40 s");
    expect(stdout).toMatch(/found\s1 round over 0 ms/);
  });

  test("under another topology than the recorded one is told", async () => {
    const page = JSON.parse(readFileSync(SAVED, "utf8")) as RoundsPage;
    const file = join(folder, "other.json");
    writeFileSync(
      file,
      JSON.stringify({
        ...page,
        service: { name: "x", host: "x.example.com" },
        rounds: page.rounds.map((round) => ({ ...round, policy: "0123456789abcdef" })),
      }),
    );
    const { stdout, stderr } = await policy("replay", "--history", file, "--ttl", "30");
    expect(stdout).toContain(
      "80 rounds from 2026-11-22T03:00:00.000Z to 2026-11-22T03:39:30.000Z were judged under another",
    );
    expect(stderr).toBe("note: the history is of x.example.com, the topology of demo.multicloud.example.com\n");
  });
});

describe("a monitor that gives no history", () => {
  test.each([
    { name: "is not there", answer: null, words: "fetch failed" },
    { name: "is something else", answer: "{}", words: "it answered 200 and no history that this version can read" },
    { name: "talks HTML", answer: "<html>", words: "Unexpected token" },
  ])("$name: exit 4", async ({ answer, words }) => {
    const url = await serve(createServer((_request, reply) => reply.end(answer)));
    if (answer === null && server !== null) {
      await closeListener(server);
      server = null;
    }
    const { status, stdout, stderr } = await policy("replay", "--url", url, "--ttl", "30");
    expect({ status, stdout }).toEqual({ status: 4, stdout: "" });
    expect(stderr).toContain(words);
    expect(stderr.startsWith(url)).toBe(true);
  });

  test("points back for ever: exit 4", async () => {
    const saved = JSON.parse(readFileSync(SAVED, "utf8")) as RoundsPage;
    const page = JSON.stringify({ ...saved, next: "1970-01-01T00:00:00.000Z" });
    const url = await serve(createServer((_request, reply) => reply.end(page)));
    const { status, stderr } = await policy("replay", "--url", url, "--ttl", "30");
    expect(status).toBe(4);
    expect(stderr).toContain("it says that 1970-01-01T00:00:00.000Z comes after");
  });

  test("refuses the window: exit 2, in its words", async () => {
    const url = await serveHistory();
    const { status, stderr } = await policy("replay", "--url", url, "--ttl", "30", "--from", "9d");
    expect(status).toBe(2);
    expect(stderr).toContain("from, to: expected at most 7 days");
  });
});

describe("what is refused with exit 2", () => {
  test.each([
    { argv: [], words: "expected another policy: --interval" },
    { argv: ["--interval", "20"], words: '--interval: expected 10 or 30, the intervals that Route 53 has, found "20"' },
    { argv: ["--threshold", "11"], words: '--threshold: expected 1 to 10, found "11"' },
    { argv: ["--ttl", "1m"], words: '--ttl: expected seconds, at most 172800, found "1m"' },
    { argv: ["--routing", "geolocation"], words: "describe them with --under FILE" },
    { argv: ["--propagation", "-1"], words: "ambiguous" },
    { argv: ["--under", "nowhere.yaml"], words: "nowhere.yaml: expected a topology file" },
    { argv: ["--ttl", "30", "--from", "yesterday"], words: "--from: expected an instant such as 2026-11-22T12:00:00Z" },
    { argv: ["--ttl", "30", "--from", "1h", "--to", "2h"], words: "--from: expected an instant before --to" },
    { argv: ["--ttl", "30", "--false-within", "x"], words: "--false-within: expected seconds" },
    { argv: ["--ttl", "30", "--url", "localhost"], words: "expected one of --url, --store and --history" },
    { argv: ["--down", "aws-us-east-1"], words: "Unknown option '--down'" },
    { argv: ["--ttl", "30", "--save", "/nowhere/at/all"], words: "--save: ENOENT" },
  ])("$argv: $words", async ({ argv, words }) => {
    const { status, stdout, stderr } = await policy("replay", "--history", SAVED, ...argv);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(words);
  });

  test.each([
    { argv: ["--url", "localhost"], words: '--url: expected an http or https URL, found "localhost"' },
    { argv: ["--store", "nowhere.sqlite"], words: "nowhere.sqlite: expected the file of a store, found nothing" },
    { argv: ["--store", join(ROOT, "package.json")], words: "expected the file of a store" },
    { argv: ["--history", "nowhere.json"], words: "nowhere.json: expected saved pages of GET /rounds" },
    { argv: ["--history", join(ROOT, "package.json")], words: "package.json: [0]: expected a page of GET /rounds" },
    { argv: ["--history", join(ROOT, "README.md")], words: "README.md:1:1: expected pages of GET /rounds as JSON" },
  ])("$argv: $words", async ({ argv, words }) => {
    const { status, stdout, stderr } = await policy("replay", ...argv, "--ttl", "30");
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(words);
  });
});

test("another topology may be given whole, and its words are its file", async () => {
  const file = join(ROOT, "manifests/topology.yaml");
  const { status, stdout } = await policy("replay", "--history", SAVED, "--under", file);
  expect(status).toBe(0);
  // Where the lines break depends on how long the file's name is.
  expect(stdout.replaceAll(/\s+/g, " ")).toContain(
    `With ${file} users would have followed at the same time in each of 2 faults`,
  );
});

test("no control character of a history reaches the terminal", async () => {
  const page = JSON.parse(readFileSync(SAVED, "utf8")) as RoundsPage;
  const evil = page.rounds.map((round) => ({ ...round, policy: "\u001B[2J" }));
  const file = join(folder, "evil.json");
  writeFileSync(file, JSON.stringify({ ...page, rounds: evil, service: { name: "x", host: "\u001B[2J" } }));
  const { stdout, stderr } = await policy("replay", "--history", file, "--ttl", "30");
  expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n]/u);
});

test("what the history says of the timing settings is told beside", async () => {
  const page = JSON.parse(readFileSync(SAVED, "utf8")) as RoundsPage;
  const subject = "dns:demo.multicloud.example.com:enam:authoritative";
  const rounds = page.rounds.map((round, index) => {
    const addresses = index >= 18 && index < 38 ? ["198.51.100.20"] : ["192.0.2.10"];
    const seen = { rcode: "NOERROR", authoritative: true, addresses, ttlSeconds: 60, scope: null, elapsedMs: 3 };
    return { ...round, dns: [{ subject, verdict: "conforms", reply: { kind: "reply", ...seen } }] };
  });
  const file = join(folder, "answers.json");
  writeFileSync(file, JSON.stringify({ ...page, rounds }));
  const { stdout } = await policy("replay", "--history", file, "--ttl", "30");
  // Two changes: from 450 s to 540.4 s less 2 × 10 s, and from 1050 s to 1140.4 s less the same.
  expect(stdout).toContain("Measured: propagationSeconds, set to 60 s, took at most 1 m 10 s in 2 changes: not enough");
});
