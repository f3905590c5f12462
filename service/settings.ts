// Where to listen, how long to take leave and who may drain it, from PORT, HOST, DRAIN_DELAY_MS, DRAIN_TIMEOUT_MS and
// DRAIN_TOKEN. A wrong value is refused: a service on a port that nobody meant looks like an outage.
import { type Environment, type Parsed, readText } from "./environment.ts";

export interface Settings {
  /** 0 lets the system choose. */
  readonly port: number;
  /** Undefined: all interfaces. */
  readonly host: string | undefined;
  /** How long new connections are still accepted after SIGTERM, so that load balancers notice first. */
  readonly drainDelayMs: number;
  /** How long requests in flight may then take before their connections are destroyed. */
  readonly drainTimeoutMs: number;
  /** Null: nobody can drain it. */
  readonly drainToken: string | null;
}

const PORT_DEFAULT = 8080;
const PORT_MAX = 65_535;
const DRAIN_DELAY_MS_DEFAULT = 5_000;
/** With the delay it stays under the 30 s that Kubernetes waits before SIGKILL. */
const DRAIN_TIMEOUT_MS_DEFAULT = 10_000;
const DRAIN_MS_MAX = 600_000;
/** What a header carries safely, long enough that nobody guesses it. */
const DRAIN_TOKEN = /^[\x21-\x7e]{16,256}$/;

export function parseSettings(env: Environment): Parsed<Settings> {
  const problems: string[] = [];
  const whole = (name: string, byDefault: number, max: number): number => {
    const text = readText(env, name);
    if (text === null) return byDefault;
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Infinity;
    if (value > max)
      problems.push(`${name}: expected a whole number from 0 to ${max}, found ${JSON.stringify(env[name])}`);
    return value;
  };
  const drainToken = readText(env, "DRAIN_TOKEN");
  if (drainToken !== null && !DRAIN_TOKEN.test(drainToken))
    problems.push("DRAIN_TOKEN: expected 16 to 256 printable ASCII characters without a space, found something else");
  const value: Settings = {
    port: whole("PORT", PORT_DEFAULT, PORT_MAX),
    host: readText(env, "HOST") ?? undefined,
    drainDelayMs: whole("DRAIN_DELAY_MS", DRAIN_DELAY_MS_DEFAULT, DRAIN_MS_MAX),
    drainTimeoutMs: whole("DRAIN_TIMEOUT_MS", DRAIN_TIMEOUT_MS_DEFAULT, DRAIN_MS_MAX),
    drainToken,
  };
  return problems.length === 0 ? { ok: true, value } : { ok: false, problems };
}
