// The face to which private vantages report. It is there only where a secret is, and every request is held against the secret of
// its own vantage before its body is read for what it says.
import type { Context, Hono } from "hono";
import * as z from "zod/mini";
import type { ObservationBatch } from "../model/observation.ts";
import type { Problem } from "../problem.ts";
import { type BatchAnswer, CLOCK_SKEW_MS_MAX, statusOfRefusal } from "../run/batch-order.ts";
import {
  BATCH,
  BATCH_BYTES_MAX,
  batchId,
  batchOf,
  OBSERVATIONS_PATH,
  vantageOfBatch,
} from "../run/observation-batch.ts";
import { formatDuration, type Instant, SECOND_MS, toIso } from "../time.ts";
import { readSource, type SourceLimits } from "../topology/source.ts";
import { inOrder, problemsOfIssue } from "../topology/wording.ts";
import { readBounded } from "../wire/body.ts";
import { isSigned } from "../wire/signature.ts";
import { secretVariable } from "../wire/vantage-secrets.ts";
import { queryProblem } from "./request-limits.ts";

export interface ObservationFaces {
  readonly now: () => Instant;
  /** By id of each private vantage; an empty list: it has no secret here. */
  readonly secrets: () => ReadonlyMap<string, readonly string[]>;
  /** `digest`: of the body. */
  readonly accept: (batch: ObservationBatch, digest: string) => Promise<BatchAnswer>;
}

/** Only a body that is wrong is read for its places, and then no further than this. */
const PLACES: SourceLimits = { textMax: BATCH_BYTES_MAX, valuesMax: 20_000 };
const PROBLEMS_MAX = 20;

/** `broken`: what is answered instead while the topology is broken; null: it is not. */
export function addObservationRoute(app: Hono, faces: ObservationFaces, broken: (c: Context) => Response | null): void {
  app.post(OBSERVATIONS_PATH, async (c) => broken(c) ?? receive(c, faces));
  app.all(OBSERVATIONS_PATH, (c) =>
    c.json({ error: `${c.req.method} is not for ${OBSERVATIONS_PATH}` }, 405, { allow: "POST" }),
  );
}

async function receive(c: Context, faces: ObservationFaces): Promise<Response> {
  const query = queryProblem(c, []);
  if (query !== null) return refuse(c, 400, "malformed", query);
  const read = await readBounded(c.req.raw.body, BATCH_BYTES_MAX);
  if (read.kind === "too-large") return refuse(c, 413, "too-large", `body: expected at most ${BATCH_BYTES_MAX} bytes`);
  const id = c.req.header("webhook-id") ?? "";
  const refused = await refuseSigner(c, faces, id, read.bytes);
  if (refused !== null) return refused;
  const parsed = parseBatch(read.bytes);
  if (!parsed.ok) {
    const error = "the body is not what is expected here";
    return c.json({ error, refused: "malformed", problems: parsed.problems.slice(0, PROBLEMS_MAX) }, 400);
  }
  const batch = parsed.value;
  if (batchId(batch.vantage, batch.slot) !== id)
    return refuse(c, 422, "other-id", `webhook-id: expected ${batchId(batch.vantage, batch.slot)}, as the body has it`);
  return answer(c, batch, await faces.accept(batch, await digestOf(read.bytes)));
}

/** Null: the request is signed with the secret of its vantage, just now. */
async function refuseSigner(
  c: Context,
  { secrets, now }: ObservationFaces,
  id: string,
  body: Uint8Array,
): Promise<Response | null> {
  const vantage = vantageOfBatch(id);
  if (vantage === null)
    return refuse(c, 400, "malformed", "webhook-id: expected a vantage's id, _ and the slot in milliseconds");
  const own = secrets().get(vantage);
  if (own === undefined) return refuse(c, 404, "unknown-vantage", `no private vantage "${vantage}" is in the topology`);
  if (own.length === 0) return refuse(c, 403, "no-secret", `${secretVariable(vantage)} is not set at this monitor`);
  const timestamp = c.req.header("webhook-timestamp") ?? "";
  if (!/^\d{1,12}$/.test(timestamp))
    return refuse(c, 400, "malformed", "webhook-timestamp: expected seconds since 1970");
  const signature = c.req.header("webhook-signature") ?? "";
  if (!(await isSigned({ id, timestamp, signature, body }, own)))
    return refuse(
      c,
      401,
      "wrong-signature",
      `webhook-signature: expected that of ${secretVariable(vantage)} over this body`,
    );
  const at = now();
  // The second was cut off, so it says up to one less than the clock did.
  const skewMs = Number(timestamp) * SECOND_MS - at;
  if (Math.abs(skewMs) <= CLOCK_SKEW_MS_MAX + SECOND_MS) return null;
  const way = `${formatDuration(Math.abs(skewMs))} ${skewMs > 0 ? "ahead of" : "behind"} ours`;
  return refuse(
    c,
    401,
    "clock-skew",
    `webhook-timestamp: expected about ${toIso(at)}, found one ${way}: set the clock`,
  );
}

function parseBatch(
  bytes: Uint8Array,
): { ok: true; value: ObservationBatch } | { ok: false; problems: readonly Problem[] } {
  const text = textOf(bytes);
  const value = text === null ? undefined : valueOf(text);
  if (text === null || value === undefined)
    return { ok: false, problems: [{ message: "expected JSON in UTF-8, found something else" }] };
  const parsed = z.safeParse(BATCH, value);
  if (parsed.success) return { ok: true, value: batchOf(parsed.data) };
  const { tree, problems } = readSource(text, null, PLACES);
  if (tree === null) return { ok: false, problems };
  return { ok: false, problems: inOrder(parsed.error.issues.flatMap((issue) => problemsOfIssue(issue, tree))) };
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function answer(c: Context, { vantage, slot }: ObservationBatch, told: BatchAnswer): Response {
  if (told.kind === "refused") {
    const { refusal, detail, everySeconds } = told;
    const wait = refusal === "too-many" ? { "retry-after": String(Math.ceil(everySeconds ?? 1)) } : {};
    const pace = everySeconds === undefined ? {} : { everySeconds };
    return c.json({ error: detail, refused: refusal, ...pace }, statusOfRefusal(refusal), wait);
  }
  const { kind, everySeconds } = told;
  return c.json({ observations: kind, vantage, slot: toIso(slot), everySeconds }, kind === "held" ? 202 : 200);
}

/** `word`: for machines. */
function refuse(c: Context, status: 400 | 401 | 403 | 404 | 413 | 422, word: string, error: string): Response {
  return c.json({ error, refused: word }, status);
}

/** SHA-256 in hex. */
async function digestOf(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.from(bytes)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
