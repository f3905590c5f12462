import fc from "fast-check";
import { expect, test } from "vitest";
import type { DnsWatch } from "../../../monitor/model/verdict.ts";
import { ANYONE } from "../../../monitor/policy/answer.ts";
import { EMPTY_STATE, parseState } from "../../../monitor/run/state.ts";
import { zoneOf } from "../../../monitor/topology/zone.ts";
import { judgeAnswer } from "../../../monitor/verify/dns.ts";
import { ANSWERS_COUNTED, RELAPSES_MAX } from "../../../monitor/verify/relapse.ts";
import type { PolicyTimeline } from "../../../monitor/verify/timeline.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";
import { dnsLook } from "../../support/looks.ts";

const EVERY_MS = 30_000;
const STEADY: PolicyTimeline = {
  zone: zoneOf(EXAMPLE),
  question: { name: EXAMPLE.service.host, type: "A", asker: ANYONE },
  health: { [AWS.id]: "healthy", [GCP.id]: "healthy" },
  changedAt: { [AWS.id]: null, [GCP.id]: null },
  timing: { propagationMs: 60_000, slackMs: 10_000, lookMaxMs: 6000 },
  lookEveryMs: 32_500,
  policyChange: null,
  unansweredMax: 3,
};

/** "l" is a legal answer, "i" an illegal one, "-" none at all. */
function judgeAll(answers: string, timeline = STEADY): readonly DnsWatch[] {
  let watch: DnsWatch | null = null;
  return [...answers].map((answer, index) => {
    const { addresses } = (answer === "l" ? AWS : GCP).endpoint;
    const at = index * EVERY_MS;
    const given = dnsLook("enam", "authoritative", at, addresses);
    const silence = { kind: "failed", failure: { cause: "timeout", detail: "no answer in time" } } as const;
    const seen = answer === "-" ? { ...given, reply: silence } : given;
    watch = judgeAnswer(timeline, seen, watch, at);
    return watch;
  });
}

const last = (answers: string): DnsWatch | undefined => judgeAll(answers).at(-1);

test.each([
  { name: "one illegal answer is forgiven", answers: "lil", verdict: "conforms" },
  { name: "two relapses are", answers: "lilil", verdict: "conforms" },
  { name: "the third is not", answers: "lilili", verdict: "deviates" },
  { name: "nor is the legal answer after it", answers: "lililil", verdict: "deviates" },
  { name: "no answer in between changes that", answers: "li-l-il-i", verdict: "deviates" },
  { name: "a streak is one relapse, however long", answers: "liiiiiiil", verdict: "conforms" },
  {
    name: "relapses that are far apart are forgotten",
    answers: `lilil${"l".repeat(ANSWERS_COUNTED)}il`,
    verdict: "conforms",
  },
  { name: "so is unreliability", answers: `lilili${"l".repeat(ANSWERS_COUNTED)}`, verdict: "conforms" },
])("$name", ({ answers, verdict }) => {
  expect(last(answers)?.verdict).toBe(verdict);
});

test("the rule is told in words, with its numbers", () => {
  const rule = "the server turned illegal 3 times within its last 24 answers";
  expect(last("lilili")?.reason).toContain(`${rule}, last just now, and no change of health explains it`);
  expect(last("lililil")?.reason).toContain(`${rule}, last 1 answer ago, and`);
  expect(last("lililil")?.reason).toMatch(/^legal now \(/);
});

test("answers by the old records after an edit are not counted", () => {
  const edited = { ...STEADY, policyChange: { at: 0, spreadMs: 20 * EVERY_MS } };
  expect(judgeAll("lililil", edited).at(-1)).toMatchObject({ verdict: "conforms" });
});

test("it is stored, and a state from before it was remembered is still one", () => {
  const [first, ...others] = judgeAll("lilili");
  for (const watch of [first, ...others]) {
    const text = JSON.stringify({ ...EMPTY_STATE, dns: { "a server": watch } });
    expect(parseState(text)).toMatchObject({ ok: true, value: { dns: { "a server": watch } } });
  }
  expect(first).not.toHaveProperty("relapses");
  expect(others.at(-1)).toHaveProperty("relapses", [0, 2, 4]);
});

test("what is remembered is bounded, whatever is answered", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("l", "i", "-"), { maxLength: 80 }), (answers) => {
      for (const { relapses = [] } of judgeAll(answers.join(""))) {
        expect(relapses.length).toBeLessThanOrEqual(RELAPSES_MAX);
        for (const age of relapses) expect(age).toBeLessThan(ANSWERS_COUNTED);
      }
    }),
  );
});
