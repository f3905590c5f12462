// One call of an AWS API at a time: inside a request budget, retried with backoff where waiting helps, and with every failure
// as a value. The SDK's own retries are off, because they know nothing of the budget.
import type { Clock } from "../run/world.ts";

export type AwsFailureCause =
  /** Too many requests; ours were spaced, so somebody else on the account is busy too. */
  | "throttled"
  | "not-found"
  /** Missing, expired or insufficient credentials. */
  | "denied"
  /** Somebody changed it in the meantime. */
  | "conflict"
  /** No answer: no network, a timeout, a fault of the service. */
  | "unavailable"
  /** An answer that is not the API's: a proxy, a wrong endpoint, half a body. */
  | "not-understood"
  | "refused";

export interface AwsFailure {
  readonly cause: AwsFailureCause;
  /** The call and what came back; no credentials. */
  readonly detail: string;
}

export type AwsReply<T> =
  | { readonly kind: "reply"; readonly value: T }
  | { readonly kind: "failed"; readonly failure: AwsFailure };

/** Least milliseconds between two calls of one kind. */
export interface AwsPace {
  readonly everyMs: number;
}

/** 4 requests a second, under the account's old limit of 5 and its new one of 10 (Developer Guide, "Throttling for Amazon Route 53 API requests"). */
export const ROUTE53_PACE: AwsPace = { everyMs: 250 };
/** GetHealthCheckStatus and GetHealthCheckLastFailureReason refill at 1 a second, of a bucket of 4 (same page). */
export const STATUS_PACE: AwsPace = { everyMs: 1500 };

/** By what went wrong; what is not here is not tried again. */
const ATTEMPTS_MAX: Readonly<Partial<Record<AwsFailureCause, number>>> = { throttled: 6, unavailable: 4 };
const BACKOFF_FIRST_MS = 500;
const BACKOFF_MAX_MS = 20_000;

/** What a budget of calls needs of the world. */
export interface AwsCallWorld {
  readonly clock: Clock;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Hears why a call is tried again, so that nobody waits before a silent screen. */
  readonly tell: (line: string) => void;
}

export interface AwsCaller {
  /** `what` names the call in messages: "ListResourceRecordSets". */
  call<T>(what: string, pace: AwsPace, send: () => Promise<T>): Promise<AwsReply<T>>;
}

export function makeAwsCaller({ clock, random, tell }: AwsCallWorld): AwsCaller {
  const freeAt = new Map<AwsPace, number>();
  const waitMs = async (ms: number): Promise<void> => clock.sleepUntil(clock.now() + ms);
  const takeTurn = async (pace: AwsPace): Promise<void> => {
    const now = clock.monotonicMs();
    const turn = Math.max(now, freeAt.get(pace) ?? 0);
    freeAt.set(pace, turn + pace.everyMs);
    if (turn > now) await waitMs(turn - now);
  };
  return {
    async call(what, pace, send) {
      for (let attempt = 1; ; attempt += 1) {
        await takeTurn(pace);
        const reply = await once(what, send);
        if (reply.kind === "reply" || attempt >= (ATTEMPTS_MAX[reply.failure.cause] ?? 1)) return reply;
        tell(`${reply.failure.detail}; trying again`);
        await waitMs(backoffMs(attempt, random()));
      }
    },
  };
}

async function once<T>(what: string, send: () => Promise<T>): Promise<AwsReply<T>> {
  try {
    return { kind: "reply", value: await send() };
  } catch (thrown) {
    return { kind: "failed", failure: failureOf(what, thrown) };
  }
}

/** Full jitter: anywhere up to twice the last bound. */
function backoffMs(attempt: number, random: number): number {
  return Math.ceil(random * Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** attempt));
}

/** Names as the service model gives them; what the SDK throws of its own has a `name` too. */
const CAUSES: Readonly<Record<string, AwsFailureCause>> = {
  Throttling: "throttled",
  ThrottlingException: "throttled",
  TooManyRequestsException: "throttled",
  PriorRequestNotComplete: "throttled",
  RequestLimitExceeded: "throttled",
  NoSuchHostedZone: "not-found",
  NoSuchHealthCheck: "not-found",
  NoSuchChange: "not-found",
  NoSuchCidrCollectionException: "not-found",
  HealthCheckVersionMismatch: "conflict",
  AccessDenied: "denied",
  AccessDeniedException: "denied",
  ExpiredToken: "denied",
  ExpiredTokenException: "denied",
  InvalidClientTokenId: "denied",
  SignatureDoesNotMatch: "denied",
  UnrecognizedClientException: "denied",
  CredentialsProviderError: "denied",
  TimeoutError: "unavailable",
  AnswerTooLong: "not-understood",
};

const DETAIL_MAX = 300;
/** What the SDK tells its own users to look at. */
const SDK_ADVICE = /\s*Deserialization error: to see the raw response.*$/;

function failureOf(what: string, thrown: unknown): AwsFailure {
  const name = thrown instanceof Error ? thrown.name : "";
  const message = (thrown instanceof Error ? thrown.message : String(thrown)).replace(/\s+/g, " ");
  const status = statusOf(thrown);
  const cause = CAUSES[name] ?? causeOf(thrown, message, status);
  const seen = status === null ? "" : ` (HTTP ${status})`;
  const told = message.replace(SDK_ADVICE, "");
  const said = cause === "not-understood" ? `the answer is not one of AWS's: ${told}` : `${name}: ${told}`;
  return { cause, detail: `${what}${seen}: ${said}`.slice(0, DETAIL_MAX) };
}

function causeOf(thrown: unknown, message: string, status: number | null): AwsFailureCause {
  if (/Rate exceeded/i.test(message) || status === 429) return "throttled";
  if (/deserialization|Unexpected (token|end)|not valid JSON|char '|parse/i.test(message)) return "not-understood";
  if (status !== null && status >= 500) return "unavailable";
  if (status === 403) return "denied";
  if (codeOf(thrown) !== null) return "unavailable";
  return "refused";
}

function statusOf(thrown: unknown): number | null {
  const metadata: unknown = thrown instanceof Object ? Reflect.get(thrown, "$metadata") : null;
  const status: unknown = metadata instanceof Object ? Reflect.get(metadata, "httpStatusCode") : null;
  return typeof status === "number" ? status : null;
}

/** The system's word for a failed connection, such as ECONNREFUSED. */
function codeOf(thrown: unknown): string | null {
  const code: unknown = thrown instanceof Object ? Reflect.get(thrown, "code") : null;
  return typeof code === "string" && /^E[A-Z_]+$/.test(code) ? code : null;
}
