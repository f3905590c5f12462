// What Route 53's own checkers say, asked with every round where there are credentials: it only reads, one health check a round, the
// one whose word is the oldest. That keeps to the budget of GetHealthCheckStatus (Developer Guide, "Throttling for Amazon
// Route 53 API requests": a bucket of 4 that refills at 1 a second, for the whole account), and no check is asked for more often
// than its checkers look. What comes back is shown and never a vote.
import { AwsClient } from "aws4fetch";
import type { CheckerCount } from "../model/health.ts";
import { type EndpointCheck, isEndpointCheck } from "../policy/health-check.ts";
import type { Clock } from "../run/world.ts";
import { type Instant, MINUTE_MS, SECOND_MS } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import { readBounded } from "./body.ts";
import { type CheckerVotes, parseCheckerCount } from "./checker-count.ts";
import { runUntil } from "./deadline.ts";

const ENDPOINT = "https://route53.amazonaws.com";
/** Where all of Route 53 is signed for. */
const SIGNING_REGION = "us-east-1";
const CALL_MS_MAX = 5 * SECOND_MS;
const BODY_BYTES_MAX = 64 * 1024;
/** Between two calls, however quick the rounds are. */
const SPACE_MS = 1500;
/** After failures in a row: twice as long each time. */
const BACKOFF_FIRST_MS = 30 * SECOND_MS;
const BACKOFF_MAX_MS = 15 * MINUTE_MS;

export type Checkers = Readonly<Record<string, CheckerCount>>;

/** By their names in the environment. */
export interface CheckerKeys {
  readonly AWS_ACCESS_KEY_ID?: string;
  readonly AWS_SECRET_ACCESS_KEY?: string;
  /** Beside keys that last for a while only. */
  readonly AWS_SESSION_TOKEN?: string;
  /** Empty: AWS's own. */
  readonly ROUTE53_ENDPOINT?: string;
}

export interface CheckerDesk {
  /** Never rejects. Null: nobody was asked, or nothing was learned. */
  readNext(topology: Topology, known: Checkers): Promise<Checkers | null>;
}

type Warn = (line: string) => void;

/** Null: no credentials. Half of them is a mistake that is told. */
export function openCheckerDesk(
  keys: CheckerKeys,
  clock: Clock,
  warn: Warn = (line) => console.error(line),
): CheckerDesk | null {
  const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SECRET_ACCESS_KEY: secretAccessKey = "" } = keys;
  if (accessKeyId === "" && secretAccessKey === "") return null;
  if (accessKeyId === "" || secretAccessKey === "") {
    warn("expected AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, found one of them; Route 53 is not asked");
    return null;
  }
  const { AWS_SESSION_TOKEN: sessionToken = "", ROUTE53_ENDPOINT: endpoint = "" } = keys;
  const aws = new AwsClient({
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === "" ? {} : { sessionToken }),
    service: "route53",
    region: SIGNING_REGION,
    retries: 0,
  });
  const base = endpoint === "" ? ENDPOINT : endpoint.replace(/\/$/, "");
  return deskOf(clock, warn, (id) =>
    askStatus(aws, `${base}/2013-04-01/healthcheck/${encodeURIComponent(id)}/status`, clock),
  );
}

function deskOf(clock: Clock, warn: Warn, ask: (id: string) => Promise<CheckerVotes | null>): CheckerDesk {
  const askedAt = new Map<string, Instant>();
  let freeAt: Instant = 0;
  let failures = 0;
  return {
    readNext: async (topology, known) => {
      const now = clock.now();
      const lastAt = (id: string): Instant => Math.max(known[id]?.at ?? 0, askedAt.get(id) ?? 0);
      const check = now < freeAt ? null : nextCheck(topology, lastAt, now);
      if (check === null) return null;
      freeAt = now + SPACE_MS;
      askedAt.set(check.id, now);
      try {
        const votes = await ask(check.id);
        failures = 0;
        return votes === null ? null : { [check.id]: { ...votes, at: clock.now() } };
      } catch (thrown) {
        freeAt = now + Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** failures);
        failures += 1;
        warn(`health check ${check.id}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
        return null;
      }
    },
  };
}

/** Of those that checkers look at, the one that was asked for longest ago; null: none, or all are as fresh as can be. */
function nextCheck(topology: Topology, lastAt: (id: string) => Instant, now: Instant): EndpointCheck | null {
  const [oldest] = (topology.pulledZone?.zone.healthChecks ?? [])
    .filter((check) => isEndpointCheck(check))
    .filter((check) => !check.disabled && now - lastAt(check.id) >= check.requestIntervalSeconds * SECOND_MS)
    .toSorted((a, b) => lastAt(a.id) - lastAt(b.id));
  return oldest ?? null;
}

/** Rejects with what went wrong, without anything that was signed. */
async function askStatus(aws: AwsClient, url: string, clock: Clock) {
  return runUntil(clock.monotonicMs() + CALL_MS_MAX, clock, async (signal) => {
    const reply = await fetch(await aws.sign(url), { redirect: "manual", signal });
    const body = await readBounded(reply.body, BODY_BYTES_MAX);
    if (body.kind === "too-large") throw new Error(`GetHealthCheckStatus: more than ${BODY_BYTES_MAX} bytes`);
    const text = new TextDecoder().decode(body.bytes);
    if (reply.status !== 200) throw new Error(`GetHealthCheckStatus: HTTP ${reply.status}: ${codeIn(text)}`);
    return parseCheckerCount(text);
  });
}

/** "Throttling", "AccessDenied"; the message beside it may name who asked. */
function codeIn(text: string): string {
  return /<Code>(\w{1,64})<\/Code>/.exec(text)?.[1] ?? "no AWS error code";
}
