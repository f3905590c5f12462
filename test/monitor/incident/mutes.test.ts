import { describe, expect, test } from "vitest";
import type { Mute } from "../../../monitor/model/alert.ts";
import {
  acceptMute,
  endMute,
  MUTE_MS_MAX,
  MUTE_ORDER,
  type MuteOrder,
  MUTES_MAX,
} from "../../../monitor/incident/mute-order.ts";
import { activeMutes, muteOf } from "../../../monitor/incident/mutes.ts";
import { HOUR_MS, toIso } from "../../../monitor/time.ts";
import { EXAMPLE } from "../../support/example-topology.ts";

const NOW = Date.UTC(2026, 10, 28, 12);
const ORDER: MuteOrder = {
  id: "q1",
  subjects: ["region:aws-us-east-1", "dns:*"],
  until: toIso(NOW + HOUR_MS),
  reason: "known",
  by: "anna",
};

function mute(part: Partial<Mute>): Mute {
  return { id: "m", subjects: ["*"], from: NOW, until: NOW + HOUR_MS, reason: "known", by: null, ...part };
}

describe("a mute of", () => {
  test.each<[string, string, boolean]>([
    ["region:a", "region:a", true],
    ["region:a", "region:ab", false],
    ["region:a", "claim:a", true],
    ["region:a", "router:a", true],
    ["claim:a", "region:a", false],
    ["region:*", "claim:b", true],
    ["region:*", "failover", false],
    ["region:*", "dns:x:enam:recursive", false],
    ["dns:*", "dns:x:enam:recursive", true],
    ["failover", "failover", true],
    ["*", "vantages", true],
    ["dns:*", "vantages", false],
  ])("%s covers %s: %s", (pattern, subject, covered) => {
    expect(muteOf([mute({ subjects: [pattern] })], subject) !== null).toBe(covered);
  });

  test("several is the one that lasts longest, and none is in force outside its span", () => {
    const mutes = [
      mute({ id: "short" }),
      mute({ id: "long", until: NOW + 2 * HOUR_MS }),
      mute({ id: "next", from: NOW + 1 }),
    ];
    expect(activeMutes(mutes, NOW).map(({ id }) => id)).toEqual(["long", "short"]);
    expect(muteOf(activeMutes(mutes, NOW), "failover")?.id).toBe("long");
    expect(activeMutes(mutes, NOW + 2 * HOUR_MS)).toEqual([]);
  });
});

describe("an order", () => {
  test("becomes a mute from now on, each subject once", () => {
    const accepted = acceptMute(EXAMPLE, { ...ORDER, subjects: ["dns:*", "dns:*", "claim:*"] }, [], NOW);
    expect(accepted).toEqual({
      kind: "muted",
      mute: { id: "q1", subjects: ["claim:*", "dns:*"], from: NOW, until: NOW + HOUR_MS, reason: "known", by: "anna" },
    });
  });

  test.each<[string, Partial<MuteOrder>, string, string]>([
    [
      "a region that is not there",
      { subjects: ["dns:*", "region:mars"] },
      "subjects[1]",
      'or region:*, found "region:mars"',
    ],
    ["no end that lies ahead", { until: toIso(NOW) }, "until", "expected a time after now"],
    ["an end too far away", { until: toIso(NOW + MUTE_MS_MAX + 1) }, "until", "at most 1 d ahead"],
  ])("with %s is refused", (_name, part, path, words) => {
    expect(acceptMute(EXAMPLE, { ...ORDER, ...part }, [], NOW)).toMatchObject({
      kind: "refused",
      problems: [{ path, message: expect.stringContaining(words) as string }],
    });
  });

  test("that comes twice is one, another one under its id is refused, and so is one too many", () => {
    const held = [mute({ id: "q1", subjects: ["dns:*", "region:aws-us-east-1"], until: NOW + HOUR_MS })];
    expect(acceptMute(EXAMPLE, ORDER, held, NOW + 1).kind).toBe("known");
    expect(acceptMute(EXAMPLE, { ...ORDER, reason: "other" }, held, NOW).kind).toBe("taken");
    const many = Array.from({ length: MUTES_MAX }, (_, n) => mute({ id: `m${n}` }));
    expect(acceptMute(EXAMPLE, ORDER, many, NOW).kind).toBe("full");
    expect(acceptMute(EXAMPLE, ORDER, many, NOW + HOUR_MS - 1).kind).toBe("full");
    expect(acceptMute(EXAMPLE, { ...ORDER, until: toIso(NOW + 2 * HOUR_MS) }, many, NOW + HOUR_MS).kind).toBe("muted");
  });

  test("ends a mute once", () => {
    const [held] = [mute({ id: "q1" })];
    expect(endMute("q1", [held], NOW + 5)).toEqual({ kind: "ended", mute: { ...held, until: NOW + 5 } });
    expect(endMute("q1", [{ ...held, until: NOW + 5 }], NOW + 6).kind).toBe("over");
    expect(endMute("q2", [held], NOW).kind).toBe("unknown");
  });

  test.each(["", "region", "dns", "pod:x", "region:a b", "dns:*x", "reg*"])("takes no subject %j", (subject) => {
    expect(MUTE_ORDER.safeParse({ ...ORDER, subjects: [subject] }).success).toBe(false);
  });
});
