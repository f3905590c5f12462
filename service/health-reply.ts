// What `/healthz` and `/readyz` say. Load balancers, kubelets and Route 53 look at the status alone, so plain text is enough;
// who asks for `application/health+json` (draft-inadarei-api-health-check) gets the claim with it.
import type { Context } from "hono";
import { accepts } from "hono/accepts";
import type { Claim } from "./identity.ts";

export type Health = { readonly status: "pass" } | { readonly status: "fail"; readonly reason: string };

const TEXT = "text/plain";
const HEALTH_JSON = "application/health+json";

export function replyHealth(context: Context, health: Health, claim: Claim): Response {
  const code = health.status === "pass" ? 200 : 503;
  context.header("vary", "accept");
  const type = accepts(context, { header: "Accept", supports: [TEXT, HEALTH_JSON], default: TEXT, match: bestType });
  if (type !== HEALTH_JSON) return context.text(health.status === "pass" ? "ok\n" : `${health.reason}\n`, code);
  const output = health.status === "pass" ? {} : { output: health.reason };
  const body = JSON.stringify({ status: health.status, ...output, ...claim });
  return context.body(body, code, { "content-type": HEALTH_JSON });
}

interface Range {
  readonly type: string;
  readonly q: number;
}

/**
 * The type with the highest quality (RFC 9110, section 12.5.1: the most specific range that fits a type decides its
 * quality). Among equals the one asked for by name wins, then the one asked for first. hono's own match gives no type to a
 * bare wildcard, and so sends JSON to a client that puts everything else before it.
 */
function bestType(asked: readonly Range[], offer: { readonly supports: string[]; readonly default: string }): string {
  const ranked = offer.supports
    .map((type) => ({ type, ...wishFor(type, asked) }))
    .filter(({ q }) => q > 0)
    .toSorted((a, b) => b.q - a.q || a.wildness - b.wildness || a.position - b.position);
  return ranked[0]?.type ?? offer.default;
}

function wishFor(type: string, asked: readonly Range[]): { q: number; wildness: number; position: number } {
  const ranges = [type, `${type.split("/")[0]}/*`, "*/*"];
  const positions = ranges.map((range) => asked.findIndex((one) => one.type.toLowerCase() === range));
  const wildness = positions.findIndex((position) => position >= 0);
  const position = positions[wildness] ?? -1;
  return { q: asked[position]?.q ?? 0, wildness, position };
}
