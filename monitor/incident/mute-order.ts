// What a monitor is told when somebody wants quiet, and what it makes of it. A mute begins now, says why, and has an end that is
// not far away: one that nobody remembers would be worse than the noise.
import * as z from "zod/mini";
import type { Mute } from "../model/alert.ts";
import { BY_CHARACTERS_MAX, WINDOW_ID } from "../maintenance/order.ts";
import type { Problem } from "../problem.ts";
import { formatDuration, HOUR_MS, type Instant, parseIso, toIso } from "../time.ts";
import { list, mapping, text } from "../topology/form.ts";
import type { Topology } from "../topology/topology.ts";

/** Once a day somebody has to look whether it is still wanted. */
export const MUTE_MS_MAX = 24 * HOUR_MS;
/** In force at once. */
export const MUTES_MAX = 20;
export const MUTE_SUBJECTS_MAX = 20;
export const REASON_CHARACTERS_MAX = 200;
/** Also of a subject that somebody mutes before it was ever judged. */
export const MUTED_SUBJECT =
  /^(\*|vantages|failover\*?|(region|claim|dns|router|drill|burn-page|burn-ticket):[A-Za-z0-9._:-]{0,400}\*?|burn-\*)$/;

const plain = (max: number) => (value: string) => value.trim() !== "" && value.length <= max && !/\p{Cc}/u.test(value);

/** The body of `POST /v1/mutes`. */
export const MUTE_ORDER = mapping({
  id: text(WINDOW_ID, "an id of at most 80 letters, digits, dots, dashes and underscores"),
  subjects: list(
    text(MUTED_SUBJECT, "a subject such as failover or region:aws-us-east-1, or how it begins, such as dns:*"),
    [1, MUTE_SUBJECTS_MAX],
    "subjects",
  ),
  until: text((value) => parseIso(value) !== null, "an ISO 8601 time with zone"),
  reason: text(plain(REASON_CHARACTERS_MAX), `a line of at most ${REASON_CHARACTERS_MAX} characters`),
  by: z._default(z.nullable(text(plain(BY_CHARACTERS_MAX), `a line of at most ${BY_CHARACTERS_MAX} characters`)), null),
});
export type MuteOrder = z.infer<typeof MUTE_ORDER>;

export type MuteAcceptance =
  | { readonly kind: "muted"; readonly mute: Mute }
  /** The same order came before; nothing was changed. */
  | { readonly kind: "known"; readonly mute: Mute }
  /** Another one has this id. */
  | { readonly kind: "taken"; readonly mute: Mute }
  /** There are too many. */
  | { readonly kind: "full" }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };

export type MuteEnd =
  | { readonly kind: "unknown" }
  /** It was over before. */
  | { readonly kind: "over"; readonly mute: Mute }
  /** It ends now. */
  | { readonly kind: "ended"; readonly mute: Mute };

/** `held` are those that are remembered. */
export function acceptMute(topology: Topology, order: MuteOrder, held: readonly Mute[], at: Instant): MuteAcceptance {
  const { id, subjects, until, reason, by } = order;
  const mute = { id, subjects: [...new Set(subjects)].toSorted(), from: at, until: parseIso(until) ?? at, reason, by };
  const same = held.find((one) => one.id === id);
  if (same !== undefined && isSame(same, mute)) return { kind: "known", mute: same };
  const ids = topology.regions.map((region) => region.id);
  const problems = muteProblems(ids, order, at);
  if (problems.length > 0) return { kind: "refused", problems };
  if (same !== undefined) return { kind: "taken", mute: same };
  if (held.filter((one) => one.until > at).length >= MUTES_MAX) return { kind: "full" };
  return { kind: "muted", mute };
}

export function endMute(id: string, held: readonly Mute[], at: Instant): MuteEnd {
  const mute = held.find((one) => one.id === id);
  if (mute === undefined) return { kind: "unknown" };
  return mute.until <= at ? { kind: "over", mute } : { kind: "ended", mute: { ...mute, until: at } };
}

/** What was ended early is another one than what is ordered again. */
function isSame(held: Mute, { subjects, until, reason }: Mute): boolean {
  return held.until === until && held.reason === reason && held.subjects.join(" ") === subjects.join(" ");
}

/** What is wrong with an order that has the right form; `ids` are those of the regions. */
export function muteProblems(ids: readonly string[], { subjects, until }: MuteOrder, at: Instant): readonly Problem[] {
  const unknown = subjects.flatMap((subject, index): Problem[] => {
    const [, kind, region] = /^(region|claim|router):([^*]*)$/.exec(subject) ?? [];
    if (kind === undefined || region === undefined || ids.includes(region)) return [];
    const expected = `expected one of ${ids.map((id) => `${kind}:${id}`).join(", ")}`;
    return [{ path: `subjects[${index}]`, message: `${expected}, or ${kind}:*, found "${subject}"` }];
  });
  const ends = parseIso(until) ?? at;
  if (ends > at && ends <= at + MUTE_MS_MAX) return unknown;
  const expected = `expected a time after now, ${toIso(at)}, and at most ${formatDuration(MUTE_MS_MAX)} ahead`;
  return [...unknown, { path: "until", message: `${expected}, found ${until}` }];
}
