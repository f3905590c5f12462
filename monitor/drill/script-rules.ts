// What a drill's file must hold together: levers that exist where they are used, bounds on things that can happen, and an
// expiry that comes after the fault. Each rule gives all of its breaches.
import { repeated } from "../topology/distinct.ts";
import type { Draft } from "../topology/draft.ts";
import type { Breach } from "../topology/wording.ts";
import { isLocalLever } from "./lever-wish.ts";
import type { DrillScript, ScriptBounds } from "./script.ts";

/** In no particular order: the parser sorts by place. */
export function scriptBreaches(draft: Draft<DrillScript>): readonly Breach[] {
  const rules = [leverBreaches, twiceBreaches, expectationBreaches, boundBreaches, timeBreaches, windowBreaches];
  return rules.flatMap((rule) => rule(draft));
}

function leverBreaches(draft: Draft<DrillScript>): readonly Breach[] {
  const real = draft.faults?.real ?? [];
  const local = draft.faults?.local ?? [];
  return [
    ...real.flatMap((fault, index): readonly Breach[] => {
      const isLocal = fault?.lever !== undefined && isLocalLever(fault.lever);
      const expected = "a lever of a real topology (gates exist in the local world alone)";
      return isLocal ? [{ path: ["faults", "real", index, "lever"], expected }] : [];
    }),
    ...local.flatMap((fault, index): readonly Breach[] => {
      const isReal = fault?.lever !== undefined && !LEVERS_OF_LOCAL_WORLD.has(fault.lever);
      const expected = `a lever of the local world (${[...LEVERS_OF_LOCAL_WORLD].join(", ")})`;
      return isReal ? [{ path: ["faults", "local", index, "lever"], expected }] : [];
    }),
  ];
}

/** It has no clusters and no AWS. */
const LEVERS_OF_LOCAL_WORLD: ReadonlySet<string> = new Set(["gate", "dns-gate", "service-drain", "router-drain"]);

/** Two faults of one lever in one place would undo each other's pre-image. */
function twiceBreaches(draft: Draft<DrillScript>): readonly Breach[] {
  const places = (["local", "real"] as const).flatMap((where) =>
    repeated(
      (draft.faults?.[where] ?? []).map((fault, index) => ({
        path: ["faults", where, index],
        value: fault?.lever === undefined ? undefined : `${fault.lever} ${"region" in fault ? fault.region : ""}`,
      })),
      "each lever once for a region",
    ),
  );
  const conditions = (draft.abortWhen ?? []).map((one, index) => ({ path: ["abortWhen", index], value: one?.when }));
  const names = (draft.approvals ?? []).map((value, index) => ({ path: ["approvals", index], value }));
  const notices = (draft.expect?.notices ?? []).map((value, index) => ({ path: ["expect", "notices", index], value }));
  return [
    ...places,
    ...repeated(conditions, "each condition once"),
    ...repeated(names, "each name once"),
    ...repeated(notices, "each subject once"),
  ];
}

function expectationBreaches({ expect }: Draft<DrillScript>): readonly Breach[] {
  if (expect?.users !== "recover" || expect.answers !== "stay") return [];
  return [{ path: ["expect", "users"], expected: "never-lost or lost, because users recover by answers that move" }];
}

/** A bound on what the script does not expect would hold, or fail, whatever happens. */
function boundBreaches({ expect, bounds }: Draft<DrillScript>): readonly Breach[] {
  const without = (key: keyof ScriptBounds, holds: boolean | undefined, why: string): readonly Breach[] =>
    holds !== false || (bounds?.[key] ?? null) === null
      ? []
      : [{ path: ["bounds", key], expected: `no bound, because ${why}` }];
  const moves = expect?.answers === undefined ? undefined : expect.answers === "move";
  const recovers = expect?.users === undefined ? undefined : expect.users === "recover";
  const noticed = expect?.notices === undefined ? undefined : expect.notices.includes("region");
  return [
    ...without("detectionSeconds", noticed, "expect.notices has no region"),
    ...without("failoverSeconds", moves, "expect.answers is not move"),
    ...without("failbackSeconds", moves, "expect.answers is not move"),
    ...without("recoverySeconds", recovers, "expect.users is not recover"),
  ];
}

function timeBreaches({ faultSeconds, expirySeconds }: Draft<DrillScript>): readonly Breach[] {
  if (typeof faultSeconds !== "number" || typeof expirySeconds !== "number" || expirySeconds > faultSeconds) return [];
  const expected = `more than faultSeconds, which is ${faultSeconds}, or policy`;
  return [{ path: ["expirySeconds"], expected }];
}

function windowBreaches({ blockedWindows }: Draft<DrillScript>): readonly Breach[] {
  return (blockedWindows ?? []).flatMap((window, index): readonly Breach[] => {
    const days = (window?.days ?? []).map((value, at) => ({ path: ["blockedWindows", index, "days", at], value }));
    const empty = window?.fromUtc !== undefined && window.fromUtc === window.toUtc;
    const expected = `another time than fromUtc, which is ${window?.fromUtc ?? ""}`;
    return [
      ...repeated(days, "each day once"),
      ...(empty ? [{ path: ["blockedWindows", index, "toUtc"], expected }] : []),
    ];
  });
}
