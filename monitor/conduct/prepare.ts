// All levers of a plan, each asked by a dry call whether it could act: a drill begins with all of them or with none.
import { formatWish } from "../drill/lever-wish.ts";
import type { DrillPlan } from "../drill/script.ts";
import { type LeverScene, makeLever } from "../lever/make-lever.ts";
import type { Reach } from "../lever/reach.ts";
import type { PreparedLever } from "./drill-run.ts";

export type PreparedLevers =
  /** In the order of the plan's faults. */
  | { readonly kind: "ready"; readonly levers: readonly PreparedLever[] }
  /** Every reason of every lever. */
  | { readonly kind: "refused"; readonly why: readonly string[] };

export async function preparedLevers(plan: DrillPlan, scene: LeverScene, reach: Reach): Promise<PreparedLevers> {
  const levers = plan.faults.map((wish) => makeLever(wish, scene, reach));
  const asked = await Promise.all(levers.map(async (lever) => ({ lever, plan: await lever.plan() })));
  const why = asked.flatMap(({ lever, plan: one }) =>
    one.kind === "refused" ? one.why.map((reason) => `${formatWish(lever.wish)}: ${reason}`) : [],
  );
  const ready = asked.flatMap(({ lever, plan: one }) => (one.kind === "ready" ? [{ lever, plan: one }] : []));
  return why.length > 0 ? { kind: "refused", why } : { kind: "ready", levers: ready };
}
