// The prover against brute force over random zones: each cut set is one, is minimal, and none is missing.
import fc from "fast-check";
import { expect, test } from "vitest";
import { askerClasses } from "../../../monitor/policy/prove-askers.ts";
import { type Cut, type Proof, proveZone } from "../../../monitor/policy/prove.ts";
import type { RecordSet, Zone } from "../../../monitor/policy/record-set.ts";
import { bruteCuts, freeKeys, HARMS, type HarmKind, recordsFrom } from "../../support/brute-proof.ts";
import { randomCase, TOP } from "../../support/random-zone.ts";

const RUNS = navigator.userAgent === "Cloudflare-Workers" ? 50 : 500;
const PATIENCE_MS = 180_000;
const KEYS_MAX = 7;

function groupsOf(zone: Zone): readonly (readonly RecordSet[])[] {
  const names = [...new Set(recordsFrom(zone, TOP).map((record) => record.name))];
  return names.map((name) => zone.recordSets.filter((record) => record.name === name));
}

/** "words: a+b" for each class of asker and each of its minimal sets. */
function byBrute(zone: Zone, harm: HarmKind): readonly string[] {
  const { classes } = askerClasses(zone, groupsOf(zone));
  return classes.flatMap(({ words, asker }) =>
    bruteCuts(zone, TOP, asker, harm).map((down) => `${words}: ${down.map(nameOf).toSorted().join("+")}`),
  );
}

function told(cuts: readonly Cut[]): readonly string[] {
  return cuts.flatMap(({ askers, down }) => askers.map((words) => `${words}: ${down.toSorted().join("+")}`));
}

/** As the prover names what may fail. */
function nameOf(key: string): string {
  if (key.startsWith("missing:")) return `${key.slice("missing:".length)} (no such check)`;
  return key.replace(/^target:/, "");
}

function once(list: readonly string[]): readonly string[] {
  return [...new Set(list)].toSorted();
}

function cutsIn(proof: Proof | null, harm: HarmKind): readonly string[] {
  const cuts = harm === "fails-open" ? proof?.failsOpen : proof?.properties.find((one) => one.property === harm)?.cuts;
  return once(told(cuts ?? []));
}

test.each([
  { way: "searching", looksMax: undefined },
  { way: "counting all states out", looksMax: 0 },
])(
  "by $way the prover finds the minimal cut sets that brute force finds, for every class of asker",
  { timeout: PATIENCE_MS },
  ({ looksMax }) => {
    let compared = 0;
    let broken = 0;
    fc.assert(
      fc.property(fc.record({ seed: fc.nat(), size: fc.integer({ min: 1, max: 4 }) }), ({ seed, size }) => {
        const { zone } = randomCase(seed, size);
        fc.pre(freeKeys(zone, TOP).length <= KEYS_MAX);
        const proof = proveZone(zone, TOP, "A", looksMax);
        expect(proof?.states.failuresMax).toBe(null);
        for (const harm of HARMS) {
          const found = cutsIn(proof, harm);
          expect([harm, found]).toEqual([harm, once(byBrute(zone, harm))]);
          compared += 1;
          broken += found.length > 0 ? 1 : 0;
        }
      }),
      { numRuns: RUNS },
    );
    // A generator that makes only sound zones, or only broken ones, would show nothing.
    expect(broken / compared).toBeGreaterThan(0.1);
    expect(broken / compared).toBeLessThan(0.9);
  },
);
