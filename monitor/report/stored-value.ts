// Reads back what was stored as JSON: strictly, because an older version of ourselves may have written it.
import type * as z from "zod/mini";
import type { Parsed } from "../problem.ts";

/** `what` is "the stored state". Problems name the place inside it, "health.a.vantages". */
export function parseStored<T>(text: string, schema: z.ZodMiniType<T>, what: string): Parsed<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, problems: [{ message: `expected ${what} as JSON` }] };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  return {
    ok: false,
    problems: parsed.error.issues.map((issue) => ({ message: issue.message, path: issue.path.join(".") })),
  };
}
