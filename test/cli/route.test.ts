// `monitor route` as people call it, without a monitor and against one that is not there.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "../support/source-files.ts";
import { extended } from "../support/topology-text.ts";

let folder = "";
let file = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "route-"));
  file = join(folder, "topology.yaml");
  writeFileSync(file, extended("router: { mode: proxy, steering: { by: geo, places: { east: ['*'], west: [EU] } } }"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function route(...argv: readonly string[]): { status: number | null; out: string; err: string } {
  const env = { ...process.env, ADMIN_TOKEN: "", TMPDIR: folder };
  const run = spawnSync(process.execPath, ["monitor/cli/main.ts", "route", ...argv], {
    cwd: ROOT,
    encoding: "utf8",
    env,
  });
  return { status: run.status, out: run.stdout, err: run.stderr };
}

test("a country goes to its place, and elsewhere when that is down", () => {
  const fine = route("--topology", file, "--from", "be", "--down", "east");
  expect([fine.status, fine.out]).toEqual([
    0,
    `west  geo for a client in BE, EU

  1  west  healthy    for EU
  2  east  unhealthy  for everywhere else

as --down says; nobody was asked
`,
  ]);
  expect(route("--topology", file, "--from", "BE", "--down", "west").out).toMatch(/^east {2}geo/);
});

test("what is known of a client is said in one phrase", () => {
  expect(route("--topology", file, "--from", "AMS").out).toMatch(/ {2}geo for a client by way of AMS\n/);
  expect(route("--topology", file, "--from", "50.85,4.35").out).toMatch(/ {2}geo for a client at 50.85, 4.35\n/);
});

test("its exit code says what is known", () => {
  expect(route("--topology", file).status).toBe(4);
  expect(route("--topology", file, "--down", "east", "--down", "west").status).toBe(1);
  const json = JSON.parse(route("--topology", file, "--from", "AMS", "--down", "west", "--json").out) as object;
  expect(json).toMatchObject({
    command: "route",
    verdict: "conforms",
    data: { region: "east", steering: "geo", client: { colo: "AMS" }, failOpen: false },
  });
});

test.each([
  [["--from", "x!"], /--from: expected a country, an address, a data centre or coordinates, found "x!"/],
  [["--from", "95.5,4"], /--from: latitude: expected degrees from -90 to 90, found "95.5"/],
  [["--down", "north"], /--down: expected a region \(east, west\), found "north"/],
  [["--port", "8787"], /--port: a local world has a topology/],
  [["--url", "gopher://x"], /--url: a running monitor has a topology/],
])("%j is refused", (argv, words) => {
  const run = route("--topology", file, ...argv);
  expect([run.status, words.test(run.err)]).toEqual([2, true]);
});

test.each([
  [["--port", "0"], /^--port: expected a number from 1 to 65535, found "0"/],
  [["--port", "8787", "--url", "http://127.0.0.1:1"], /^expected --port or --url, found both/],
  [["--port", "8999"], /^no local world runs on port 8999: start one with `npm start`\n$/],
])("%j names no world that can be asked", (argv, words) => {
  const run = route(...argv);
  expect([run.status, words.test(run.err)]).toEqual([2, true]);
});

test("a monitor needs its token, and one that is not there cannot be asked", () => {
  const without = route("--url", "http://127.0.0.1:1");
  expect([without.status, without.err.includes("expected its token in ADMIN_TOKEN")]).toEqual([2, true]);
});
