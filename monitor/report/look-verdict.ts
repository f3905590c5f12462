// Whether a user would have been served as this look was: what a look, a chain of redirects and a number of looks are worth.
import type { Failure, FailureCause, Phase } from "../model/observation.ts";
import type { VerdictKind } from "../model/verdict.ts";
import { statusPasses } from "../policy/health-check.ts";
import type { Look } from "./look.ts";

export interface LookVerdict {
  readonly verdict: VerdictKind;
  readonly reason: string;
  /** Where it went wrong; null: nowhere, or after the last phase. */
  readonly phase: Phase | null;
  /** For counting. Null when it conforms. */
  readonly cause: FailureCause | "text-missing" | null;
}

/** They say something of this machine and nothing of the far end. */
export const OWN_CAUSES: ReadonlySet<FailureCause> = new Set(["internal", "not-started", "blocked"]);
/** No route, and no resolver: this machine's network (connect(2), getaddrinfo(3)). */
const OWN_CODES = /\((ENETUNREACH|EADDRNOTAVAIL|EAI_AGAIN)\)/;

export function judgeLook(look: Look): LookVerdict {
  const [problem, ...others] = look.tls?.problems ?? [];
  if (problem !== undefined) {
    return { verdict: "deviates", reason: [problem, ...others].join("; "), phase: "tls", cause: "tls" };
  }
  if (look.failure !== null) return judgeFailure(look.failure);
  const status = look.reply?.status ?? 0;
  if (!statusPasses(status)) {
    return { verdict: "deviates", reason: `status ${status}, not 2xx or 3xx`, phase: null, cause: "http-status" };
  }
  if (look.search === "absent") {
    return { verdict: "deviates", reason: "the text is not in the body", phase: null, cause: "text-missing" };
  }
  return { verdict: "conforms", reason: `status ${status}`, phase: null, cause: null };
}

/** Of a look that ended before a whole reply, or never began. */
export function judgeFailure({ cause, detail, phase }: Failure): LookVerdict {
  const own = OWN_CAUSES.has(cause) || OWN_CODES.test(detail);
  return { verdict: own ? "undecided" : "deviates", reason: detail, phase: phase ?? null, cause };
}

/** `ended` says why the redirects were not followed to their end; null: they were, or nobody asked for it. */
export function judgeHops(hops: readonly Look[], ended: string | null): LookVerdict {
  const verdicts = hops.map(judgeLook);
  const broken = verdicts.find(({ verdict }) => verdict !== "conforms");
  if (broken !== undefined) return broken;
  if (ended !== null) return { verdict: "deviates", reason: ended, phase: null, cause: "redirected" };
  return (
    verdicts.at(-1) ?? { verdict: "undecided", reason: "nothing was looked at", phase: null, cause: "not-started" }
  );
}
