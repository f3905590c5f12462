// What a request may be before anybody looks at what it wants: small, and with no parameter that we do not know, because one
// that is silently ignored lets a reader believe that it did something.
import type { Context, MiddlewareHandler } from "hono";

/** Of path and query together. */
export const TARGET_CHARACTERS_MAX = 2048;
export const HEADERS_MAX = 100;
/** Of names and values together. */
export const HEADER_CHARACTERS_MAX = 16_384;

export const refuseLarge: MiddlewareHandler = async (c, next) => {
  // Two Host headers make one that is no host.
  if (!URL.canParse(c.req.url)) return c.json({ error: "host: expected one name, perhaps with a port" }, 400);
  const { pathname, search } = new URL(c.req.url);
  if (pathname.length + search.length > TARGET_CHARACTERS_MAX)
    return c.json({ error: `path and query: expected at most ${TARGET_CHARACTERS_MAX} characters` }, 414);
  const headers = [...c.req.raw.headers];
  const characters = headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (headers.length > HEADERS_MAX || characters > HEADER_CHARACTERS_MAX)
    return c.json({ error: `headers: expected at most ${HEADERS_MAX}, of ${HEADER_CHARACTERS_MAX} characters` }, 431);
  return next();
};

/** Null: each parameter is one of `known`, and there once at most. */
export function queryProblem(c: Context, known: readonly string[]): string | null {
  const names = [...new URL(c.req.url).searchParams.keys()];
  const expected = known.length === 0 ? "query: expected none" : `query: expected ${known.join(" and ")} at most`;
  if (names.some((name) => !known.includes(name))) return `${expected}, found another parameter`;
  return new Set(names).size < names.length ? `${expected}, found one of them twice` : null;
}
