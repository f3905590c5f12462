// One face as a row: its path, what may be asked of it, and what it answers. Everything that is true of all faces follows
// from the list of rows, so that a new one cannot forget it.
import type { Context, Hono } from "hono";
import { queryProblem } from "./request-limits.ts";

export interface Route {
  /** Of Hono's form: "/reports/:name". */
  readonly path: string;
  /** Names of the query parameters that it knows. */
  readonly query: readonly string[];
  readonly answer: (c: Context) => Promise<Response> | Response;
}

/** Each answers GET and HEAD, and 405 to everything else; all other paths are 404. */
export function addRoutes(app: Hono, routes: readonly Route[]): void {
  const paths = routes.map((route) => route.path);
  for (const { path, query, answer } of routes) {
    app.get(path, (c) => {
      const problem = queryProblem(c, query);
      return problem === null ? answer(c) : c.json({ error: problem }, 400);
    });
    app.all(path, (c) => c.json({ error: `${c.req.method} is not for ${c.req.path}` }, 405, { allow: "GET, HEAD" }));
  }
  app.notFound((c) => c.json({ error: `nothing is at ${c.req.path}`, paths }, 404));
}
