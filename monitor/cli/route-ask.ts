// Asks a running monitor which region its router would choose.
import * as z from "zod";
import { type ClientWords, type RouteExplanation } from "../steering/explain.ts";
import { FITNESS } from "../steering/steer.ts";
import { STEERINGS } from "../topology/topology.ts";
import type { Refusal } from "./refusal.ts";

const REPLY_MS_MAX = 10_000;

const text = z.string().nullable();
const EXPLANATION: z.ZodType<RouteExplanation> = z.object({
  mode: z.enum(["off", "redirect", "proxy"]),
  steering: z.enum(STEERINGS),
  client: z.object({
    country: text,
    continent: text,
    subdivision: text,
    coordinates: z.object({ latitude: z.number(), longitude: z.number() }).nullable(),
    colo: text,
  }),
  knownAt: text,
  region: z.string(),
  failOpen: z.boolean(),
  candidates: z.array(z.object({ region: z.string(), fitness: z.enum(FITNESS), why: z.string() })),
});
const REFUSAL = z.object({ problems: z.array(z.object({ path: z.string().optional(), message: z.string() })) });

export async function askRoute(
  base: URL,
  token: string,
  client: ClientWords,
): Promise<RouteExplanation | Refusal | { readonly failed: string }> {
  const url = new URL("/v1/route", base);
  for (const [name, value] of Object.entries(client)) if (value !== undefined) url.searchParams.set(name, value);
  try {
    const headers = { authorization: `Bearer ${token}` };
    const reply = await fetch(url, { headers, redirect: "error", signal: AbortSignal.timeout(REPLY_MS_MAX) });
    const body: unknown = await reply.json();
    const explained = EXPLANATION.safeParse(body);
    if (reply.ok && explained.success) return explained.data;
    const refused = REFUSAL.safeParse(body);
    if (reply.status === 400 && refused.success)
      return {
        refusal: refused.data.problems.map(({ path, message }) => `--from: ${path ?? ""}: ${message}`).join("\n"),
      };
    return {
      failed: `${url.origin}: it answered ${reply.status}${reply.status === 404 ? ": no token is configured there, or nothing is routed there" : ""}`,
    };
  } catch (thrown) {
    const { message, cause } = thrown instanceof Error ? thrown : new Error(String(thrown));
    return { failed: `${url.origin}: ${cause instanceof Error ? `${message}: ${cause.message}` : message}` };
  }
}
