// What every command shares: its exit code by verdict, and the one JSON envelope.
import type { VerdictKind } from "../model/verdict.ts";
import type { Finding } from "../model/finding.ts";
import { type Instant, toIso } from "../time.ts";

/** Exit codes are a promise to scripts: 4 says "wait, or look again". */
export const EXIT = { conforms: 0, deviates: 1, usage: 2, bug: 3, undecided: 4, converging: 4 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export function exitCodeOf(verdict: VerdictKind): ExitCode {
  return EXIT[verdict];
}

/** One line of JSON for `--json`. */
export function envelope(
  command: string,
  verdict: VerdictKind,
  payload: unknown,
  at: Instant,
  findings: readonly Finding[] = [],
): string {
  return `${JSON.stringify({ schemaVersion: 1, command, at: toIso(at), verdict, data: payload, findings })}
`;
}

/** Of what could not be asked or read: a script that parses what it gets is not given nothing; why is in `data.error`. */
export function unreadEnvelope(command: string, error: string, at: Instant): string {
  return envelope(command, "undecided", { error }, at);
}
