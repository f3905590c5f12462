// Laws of what maintenance excuses; the stories are in `regressions/maintenance.test.ts`.
import fc from "fast-check";
import { expect, test } from "vitest";
import { excuseVerdicts } from "../../../monitor/maintenance/excuse.ts";
import type { Verdict } from "../../../monitor/model/verdict.ts";
import type { MaintenanceWindow } from "../../../monitor/model/planned.ts";
import type { MonitorState } from "../../../monitor/model/state.ts";
import { EMPTY_STATE, parseState } from "../../../monitor/run/state.ts";
import { HOUR_MS } from "../../../monitor/time.ts";
import { settleMsOf } from "../../../monitor/verify/settle.ts";
import { overallVerdict, worstVerdict } from "../../../monitor/verify/verdict.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";
import { dnsLook } from "../../support/looks.ts";

const NOW = 10 * HOUR_MS;
/** From when on an answer must have left a region that fails since 0. */
const SETTLED = settleMsOf(EXAMPLE);
const REGIONS = [AWS.id, GCP.id];
const SUBJECTS = [
  "failover",
  "drill:d1",
  "dns:demo.multicloud.example.com:enam:authoritative",
  ...["region", "claim", "router"].flatMap((kind) => [...REGIONS, "gone"].map((id) => `${kind}:${id}`)),
];

const anyKind = fc.constantFrom("conforms" as const, "converging" as const, "deviates" as const, "undecided" as const);
const anyVerdicts: fc.Arbitrary<readonly Verdict[]> = fc
  .tuple(...SUBJECTS.map(() => anyKind))
  .map((kinds) => kinds.map((verdict, at): Verdict => ({ subject: SUBJECTS[at] ?? "", verdict, reason: "r" })));
const anyWindows: fc.Arbitrary<readonly MaintenanceWindow[]> = fc.array(
  fc.record({
    id: fc.constantFrom("a", "b"),
    title: fc.constant("t"),
    regions: fc.subarray([...REGIONS, "gone"]),
    from: fc.constant(0),
    until: fc.integer({ min: NOW + 1, max: 2 * NOW }),
    by: fc.constant(null),
    kind: fc.constant("once" as const),
  }),
  { maxLength: 3 },
);
const health = fc.constantFrom("healthy", "unhealthy", "unknown");
const anySight = fc.record({
  led: fc.constantFrom(AWS, GCP),
  user: fc.record({ [AWS.id]: health, [GCP.id]: health }),
  userSince: fc.constantFrom(null, 0, NOW),
  askedAt: fc.constantFrom(0, SETTLED, SETTLED + 1, NOW),
});

interface Sight {
  readonly led: typeof AWS;
  readonly user: Readonly<Record<string, string>>;
  readonly userSince: number | null;
  readonly askedAt: number;
}

function seenOf({ led, userSince, askedAt }: Sight): MonitorState {
  const seen = dnsLook("enam", "authoritative", askedAt, led.endpoint.addresses);
  const judged = { expected: [], reason: "", verdict: "conforms" as const, deadline: null, oddSince: null };
  const watch = { seen, ...judged, unanswered: 0 };
  const held = { vantages: {}, changedAt: null, route53Since: null, userSince };
  return { ...EMPTY_STATE, dns: { a: watch }, health: { [AWS.id]: held, [GCP.id]: held } };
}

function isStranded({ led, user, userSince, askedAt }: Sight, id: string): boolean {
  return led.id === id && user[id] === "unhealthy" && userSince === 0 && askedAt > SETTLED;
}

test("only what deviates or is not known is excused, of regions in a window, of failover where all are, and never DNS", () => {
  fc.assert(
    fc.property(anyVerdicts, anyWindows, anySight, (verdicts, windows, sight) => {
      const excused = excuseVerdicts(EXAMPLE, verdicts, windows, seenOf(sight), { user: sight.user });
      expect(excused.map(({ subject, verdict }) => [subject, verdict])).toEqual(
        verdicts.map(({ subject, verdict }) => [subject, verdict]),
      );
      const under = REGIONS.filter((id) => windows.some(({ regions }) => regions.length === 0 || regions.includes(id)));
      const everywhere = under.length === REGIONS.length;
      for (const { subject, verdict, excusedBy } of excused) {
        if (excusedBy === undefined) {
          // An answer that was given before DNS had its time is none against the region.
          const [, id = ""] = subject.split(":");
          const counts = verdict === "conforms" || !under.includes(id) || subject.startsWith("dns:");
          expect(counts || isStranded(sight, id)).toBe(true);
          continue;
        }
        const [kind = "", id = ""] = subject.split(":");
        expect(verdict).not.toBe("conforms");
        if (subject === "failover") expect(everywhere).toBe(true);
        else expect([["region", "claim", "router"].includes(kind), under.includes(id)]).toEqual([true, true]);
        // Whoever is led into a region that fails users for long, with another one to go to, is not forgotten.
        expect(isStranded(sight, id) && !everywhere).toBe(false);
      }
      if (windows.length === 0) expect(excused).toBe(verdicts);
    }),
  );
});

test("what is excused makes the verdict on top no worse, and everything else counts as it did", () => {
  const any = fc.record({ verdict: anyKind, excused: fc.boolean() });
  fc.assert(
    fc.property(fc.array(any), (all) => {
      const verdicts = all.map(({ verdict, excused }, at) => ({
        subject: `s${at}`,
        verdict,
        reason: "",
        ...(excused ? { excusedBy: "maintenance:m" } : {}),
      }));
      const counted = all.filter(({ excused }) => !excused).map(({ verdict }) => verdict);
      expect(overallVerdict(verdicts)).toBe(worstVerdict(counted));
    }),
  );
});

test("a verdict is read back from the stored state with what excuses it, and one from before there was any without", () => {
  const plain = { subject: "region:a", verdict: "deviates", reason: "r" } as const;
  for (const verdict of [plain, { ...plain, excusedBy: "maintenance:m" }]) {
    const state = { ...EMPTY_STATE, verdicts: [verdict] };
    expect(parseState(JSON.stringify(state))).toEqual({ ok: true, value: state });
  }
});
