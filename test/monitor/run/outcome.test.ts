import { expect, test } from "vitest";
import type { VantageOutcome } from "../../../monitor/model/observation.ts";
import { plainOutcomes } from "../../../monitor/run/outcome.ts";
import { storedBytes } from "../../../monitor/topology/stored-text.ts";
import { AWS, EXAMPLE } from "../../support/example-topology.ts";
import { badLook, dnsLook } from "../../support/looks.ts";

function plain(outcome: VantageOutcome): VantageOutcome | undefined {
  return plainOutcomes([outcome], EXAMPLE)[0];
}

test("a failure is told in few bytes, whatever letters it is made of", () => {
  const observations = [badLook(AWS, "enam", 0, { detail: "語\u0001".repeat(500) })];
  const outcome = plain({ kind: "reported", report: { vantage: "enam", colo: "IAD", observations, dns: [] } });
  const [seen] = outcome?.kind === "reported" ? outcome.report.observations : [];
  expect(storedBytes(seen?.failure?.detail ?? "")).toBeLessThanOrEqual(200);
  expect(seen?.failure?.detail).toMatch(/^語/u);
});

test("of an endless answer one address more is kept than any legal answer has, and no fewer than eight", () => {
  const addresses = Array.from({ length: 500 }, (_, at) => `203.0.${Math.floor(at / 100)}.${at % 100}`);
  const dns = [dnsLook("enam", "authoritative", 0, addresses)];
  const outcome = plain({ kind: "reported", report: { vantage: "enam", colo: "IAD", observations: [], dns } });
  const [seen] = outcome?.kind === "reported" ? outcome.report.dns : [];
  expect(seen?.reply).toMatchObject({ addresses: addresses.slice(0, 9) });
});
