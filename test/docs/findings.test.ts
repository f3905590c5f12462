// docs/findings.md against the registry: every known trap of Route 53 is a rule, or is named with the reason why it cannot be one.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { RULES } from "../../monitor/lint/registry.ts";
import { ROOT } from "../support/source-files.ts";
import { findingsGuide, GUIDE } from "./findings-guide.ts";

const TEXT = readFileSync(join(ROOT, GUIDE), "utf8");

/** The traps of Route 53 that were found in AWS's documents, Trusted Advisor's checks and the field. */
const TRAPS = [
  "SELF-REF",
  "HOST-MISMATCH",
  "PRIMARY-ALWAYS-HEALTHY",
  "ALIAS-NO-ETH",
  "LEAF-NO-HC",
  "SECONDARY-NO-HC",
  "FAILOVER-PAIR",
  "SHARED-HC",
  "HC-DELETED",
  "HC-WRONG-ENDPOINT",
  "TTL-HIGH",
  "WEIGHT-TTL-MIX",
  "FAIL-OPEN",
  "BOTH-DOWN-PRIMARY",
  "HC-DISABLED",
  "HC-INVERTED",
  "HC-SHALLOW",
  "3XX-HEALTHY",
  "CERT-BLIND",
  "SNI-OFF",
  "TLS13-ONLY",
  "STRMATCH-WINDOW",
  "SLOW-HEALTHZ",
  "FW-PARTIAL",
  "FW-BLOCKED",
  "FEW-REGIONS",
  "LAT-SINGLE",
  "LAT-NONAWS",
  "LAT-REGION-CLASH",
  "GEO-NO-DEFAULT",
  "NS-MISMATCH",
  "DUP-ZONE",
  "STATIC-ELB-IP",
  "AAAA-GAP",
  "PRIVATE-ENDPOINT",
  "CALC-THRESHOLD",
  "CW-INSUFFICIENT",
  "RESOLVER-PINNED",
  "SPLIT-DNS",
  "EXTDNS-TXT",
  "CTRL-PLANE",
  "PROTECTED",
  "EIP-LOST",
  "DEADLINE",
].map((name) => `R53-${name}`);

const UNSEEN = [
  ...TEXT.slice(TEXT.indexOf("## Traps that lint cannot see")).matchAll(
    /^\| `(R53-[A-Z0-9-]+)` \| ([^|]+) \| ([^|]+) \|$/gm,
  ),
].map(([, id = "", why = "", where = ""]) => ({ id, why: why.trim(), where: where.trim() }));

test("every known trap is a rule, or is named with the reason why it is none, and never both", () => {
  const rules = new Set(RULES.map(({ id }) => id));
  const unseen = new Set(UNSEEN.map(({ id }) => id));
  expect(TRAPS.filter((id) => !rules.has(id) && !unseen.has(id))).toEqual([]);
  expect([...unseen].filter((id) => rules.has(id) || !TRAPS.includes(id))).toEqual([]);
  expect(UNSEEN.filter(({ why, where }) => why === "" || where === "")).toEqual([]);
});

test("the table of rules is the registry's", () => {
  expect(findingsGuide()).toBe(TEXT);
  const told = [...TEXT.matchAll(/^\| `(R53-[A-Z0-9-]+)` \| (error|warning|note) \|/gm)].map(([, id, severity]) => [
    id,
    severity,
  ]);
  const rules = RULES.filter(({ id }) => id.startsWith("R53-"));
  expect(told).toEqual(rules.map(({ id, severity }) => [id, severity]));
  expect(rules.filter(({ evidence }) => evidence === undefined)).toEqual([]);
});

const TRANSCRIPTS = [...TEXT.matchAll(/^```console\n\$ npm run -s monitor -- ([^\n]+)\n([\s\S]*?)^```$/gm)].map(
  ([, command = "", output = ""]) => ({ command, output }),
);

test("there is a transcript", () => {
  expect(TRANSCRIPTS).toHaveLength(1);
});

test.each(TRANSCRIPTS)("$command", ({ command, output }) => {
  const argv = ["--no-warnings", "monitor/cli/main.ts", ...command.split(" ")];
  const { stdout } = spawnSync(process.execPath, argv, { cwd: ROOT, encoding: "utf8" });
  expect(stdout).toBe(output);
});
