// What `monitor vantage` needs to know before it looks, and what it says where that is missing or wrong.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { parseVantage } from "../../monitor/cli/vantage-arguments.ts";
import { OFFICE, OFFICE_SECRET, OTHER_SECRET } from "../support/private-vantage.ts";
import { topologyText } from "../watch/watch-process.ts";

let folder: string;
let topology: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vantage-"));
  topology = join(folder, "topology.yaml");
  writeFileSync(topology, topologyText({ privateId: OFFICE }));
  // No local world is there.
  vi.stubEnv("TMPDIR", folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const SECRET = { VANTAGE_SECRET_OFFICE: `${OFFICE_SECRET} ${OTHER_SECRET}` };
const WHERE = ["--to", "https://probe.example.com/status"] as const;

async function refusalOf(argv: readonly string[], env: Readonly<Record<string, string>> = SECRET): Promise<string> {
  const settings = await parseVantage(argv, env, 0);
  return "refusal" in settings ? [settings.refusal, ...(settings.lines ?? [])].join("\n") : "";
}

test("a monitor, a vantage of the topology and the first of its secrets are all that it needs", async () => {
  const settings = await parseVantage([OFFICE, ...WHERE, "--topology", topology, "--rounds", "3"], SECRET, 0);
  if ("refusal" in settings) throw new Error(settings.refusal);
  const { plan, forMs } = settings;
  expect([plan.vantage, plan.monitor.href, plan.secret, plan.roundsMax, forMs]).toEqual([
    OFFICE,
    "https://probe.example.com/status",
    OFFICE_SECRET,
    3,
    null,
  ]);
});

test.each([
  [["office"], "no local world runs: start one with `npm start`; or say where with --to"],
  [["office", "--to", "ftp://x"], "--to: expected an http or https URL"],
  [["office", "--to", "https://a:b@x"], "without user and password"],
  [["Office", ...WHERE], 'expected the id of one private vantage, found "Office"'],
  [["a", "b", ...WHERE], 'expected the id of one private vantage, found "a b"'],
  [[...WHERE], 'expected the id of one private vantage, found ""'],
  [["office", ...WHERE, "--port", "1"], "expected --port or --to, found both"],
  [["office", "--port", "0"], "--port: expected a number from 1 to 65535"],
  [["office", "--topology", "x"], "--topology: expected --to beside it"],
  [["office", ...WHERE, "--rounds", "0"], "--rounds: expected a whole number from 1"],
  [["office", ...WHERE, "--for", "soon"], "--for: "],
  [["office", ...WHERE, "--frob"], "--frob"],
  [["attic", ...WHERE], "VANTAGE_SECRET_ATTIC: expected whsec_"],
  [["office", ...WHERE, "--topology", "nowhere.yaml"], "nowhere.yaml: expected a topology file"],
])("%j is refused", async (argv, words) => {
  expect(await refusalOf(argv)).toContain(words);
});

test("a secret of another form is refused without being shown", async () => {
  const words = await refusalOf([OFFICE, ...WHERE], { VANTAGE_SECRET_OFFICE: "hunter2" });
  expect(words).toContain(
    "VANTAGE_SECRET_OFFICE: expected whsec_ and 24 to 64 random bytes in base64, found something else",
  );
  expect(words).not.toContain("hunter2");
});

test("a vantage that is not private is told which ones are", async () => {
  writeFileSync(topology, topologyText());
  expect(await refusalOf([OFFICE, ...WHERE, "--topology", topology])).toContain(
    'found "office": there is none with `private: true`',
  );
  writeFileSync(topology, topologyText({ privateId: "attic" }));
  expect(await refusalOf([OFFICE, ...WHERE, "--topology", topology])).toContain("there is attic");
});
