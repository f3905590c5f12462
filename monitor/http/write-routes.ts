// Routes that change something, or show who did: there only where a token is configured, and then for its bearer alone. What
// is true of all of them follows from the list of rows: the token is looked at first, a body is small and strictly ours.
import type { Context, Hono } from "hono";
import * as z from "zod/mini";
import type { Parsed, Problem } from "../problem.ts";
import { readSource, type SourceLimits } from "../topology/source.ts";
import { inOrder, problemsOfIssue } from "../topology/wording.ts";
import { readBounded } from "../wire/body.ts";
import type { AuditEntry } from "../wire/sql-audit.ts";
import { queryProblem } from "./request-limits.ts";

/** A shorter one is taken for none: whoever may guess for ever must have something to guess. */
export const TOKEN_CHARACTERS_MIN = 16;
export const BODY_BYTES_MAX = 8192;
const BODY_LIMITS: SourceLimits = { textMax: BODY_BYTES_MAX, valuesMax: 500 };

export interface WriteRoute {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Of Hono's form: "/v1/drills/:id". */
  readonly path: string;
  /** Names of the query parameters that it knows; none unless given. */
  readonly query?: readonly string[];
  readonly answer: (c: Context) => Promise<Response>;
}

/** Null: none that could be meant. */
export function usableToken(configured: string | undefined): string | null {
  return configured !== undefined && configured.length >= TOKEN_CHARACTERS_MIN ? configured : null;
}

/** Without its bearer every method is 401, so that a stranger does not learn which there are. */
export function addWriteRoutes(app: Hono, token: string, routes: readonly WriteRoute[]): void {
  for (const { method, path, query = [], answer } of routes) {
    app.on(method, path, async (c) => {
      if (!(await bearsToken(c, token))) return unauthorized(c);
      const problem = queryProblem(c, query);
      return problem === null ? answer(c) : c.json({ error: problem }, 400);
    });
  }
  for (const path of new Set(routes.map((route) => route.path))) {
    const allow = routes.flatMap((route) => (route.path === path ? [route.method] : [])).join(", ");
    app.all(path, async (c) =>
      (await bearsToken(c, token))
        ? c.json({ error: `${c.req.method} is not for ${c.req.path}` }, 405, { allow })
        : unauthorized(c),
    );
  }
}

/** An answer that needs a body: one that is too long, no JSON, or not of `schema` is refused with everything that is wrong. */
export function withBody<T>(
  schema: z.ZodMiniType<T>,
  answer: (c: Context, body: T) => Promise<Response>,
): WriteRoute["answer"] {
  return async (c) => {
    const read = await readBounded(c.req.raw.body, BODY_BYTES_MAX);
    if (read.kind === "too-large") return c.json({ error: `body: expected at most ${BODY_BYTES_MAX} bytes` }, 413);
    const parsed = parseBody(read.bytes, schema);
    return parsed.ok ? answer(c, parsed.value) : refuseBody(c, parsed.problems);
  };
}

export function refuseBody(c: Context, problems: readonly Problem[]): Response {
  return c.json({ error: "the body is not what is expected here", problems }, 400);
}

/** What was changed by bearers of the token, the latest first. */
export function auditRoute(readAudit: () => Promise<readonly AuditEntry[]>): WriteRoute {
  return { method: "GET", path: "/v1/audit", answer: async (c) => c.json({ entries: await readAudit() }) };
}

/** In the words of the topology's problems, with line and column. */
function parseBody<T>(bytes: Uint8Array, schema: z.ZodMiniType<T>): Parsed<T> {
  const text = jsonText(bytes);
  if (text === null) return { ok: false, problems: [{ message: "expected JSON in UTF-8, found something else" }] };
  const { tree, problems } = readSource(text, null, BODY_LIMITS);
  if (tree === null || problems.length > 0) return { ok: false, problems };
  const parsed = z.safeParse(schema, tree.value);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, problems: inOrder(parsed.error.issues.flatMap((issue) => problemsOfIssue(issue, tree))) };
}

/** Null: no JSON. What reads the places would take more than that. */
function jsonText(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    JSON.parse(text);
    return text;
  } catch {
    return null;
  }
}

function unauthorized(c: Context): Response {
  return c.json({ error: "a bearer token is needed" }, 401, { "www-authenticate": "Bearer" });
}

/** In constant time whatever the lengths: digests are compared, and all of their bytes. */
async function bearsToken(c: Context, token: string): Promise<boolean> {
  const given = c.req.header("authorization") ?? "";
  const [a, b] = await Promise.all([digestOf(given), digestOf(`Bearer ${token}`)]);
  return a.reduce((difference, byte, index) => difference | (byte ^ (b[index] ?? 0)), 0) === 0;
}

async function digestOf(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}
