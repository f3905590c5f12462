// What a container's HEALTHCHECK runs: the image has neither shell nor curl, so the bundle asks itself. Alive is `/livez`
// with 200 in time; anything else is not.
import type { Settings } from "./settings.ts";

const SELF_CHECK_TIMEOUT_MS = 2_000;
const ALL_INTERFACES: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

/** Null: alive. Otherwise a sentence about what is wrong. */
export async function checkSelf({ host, port }: Settings): Promise<string | null> {
  if (port === 0) return "PORT: expected the port that the service listens on, found 0";
  const name = host === undefined || ALL_INTERFACES.has(host) ? "127.0.0.1" : host;
  const url = `http://${name.includes(":") ? `[${name}]` : name}:${port}/livez`;
  try {
    const reply = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(SELF_CHECK_TIMEOUT_MS) });
    return reply.status === 200 ? null : `${url} answers ${reply.status}`;
  } catch (error) {
    const reason = error instanceof Error ? (error.cause ?? error) : error;
    return `${url} does not answer: ${String(reason)}`;
  }
}
