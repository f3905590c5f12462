// `monitor policy what-if`: before and after a failure for every asker, and by when users have followed.
import type { Answer } from "../policy/answer.ts";
import { askersOf } from "../policy/prove-askers.ts";
import { unfoldTree } from "../policy/prove-tree.ts";
import type { AddressType, Zone } from "../policy/record-set.ts";
import { valuesOf } from "../policy/record-set.ts";
import { type Change, type Failing, followTime, type FollowTime, whatIf } from "../policy/what-if.ts";
import { formatDuration } from "../time.ts";
import { alignColumns } from "./columns.ts";
import { envelope, EXIT, type ExitCode } from "./envelope.ts";
import { withoutQuestion } from "./policy-answer.ts";
import type { PolicyAsk } from "./policy-ask.ts";
import { answerWords, WIDTH, wrapped } from "./policy-lines.ts";
import type { LabelledAsker } from "./policy-source.ts";
import { POLICY_USAGE } from "./policy-usage.ts";
import { refuse } from "./refusal.ts";

interface AskerChange {
  readonly asker: string;
  readonly type: AddressType;
  readonly change: Change;
}

export function runWhatIf(ask: PolicyAsk): ExitCode {
  if (ask.down.length === 0) return refuse({ refusal: "what-if: expected --down ID, found none" }, POLICY_USAGE);
  const { source, name, types, health } = ask;
  const rows = types.flatMap((type) =>
    askersFor(ask, type).map(({ label, asker }): AskerChange => {
      const change = whatIf(source.zone, { name, type, asker }, health.before, health.after);
      return { asker: label, type, change };
    }),
  );
  const changed = rows.filter(({ change }) => change.changes);
  const ttl = Math.max(0, ...changed.flatMap(({ change }) => change.before.acceptable.map((one) => one.ttlSeconds)));
  const time = changed.length === 0 ? null : followTime(failingOf(ask), source.timing, source.zone.healthChecks, ttl);
  const verdict = verdictOf(rows);
  process.stdout.write(
    ask.output === "json"
      ? envelope("policy what-if", verdict, payloadOf(ask, rows, time), Date.now())
      : textOf(ask, rows, time),
  );
  return EXIT[verdict];
}

/** Of a zone that says nothing about who asks: everybody whom its records tell apart. */
function askersFor({ source, name, askers, askersAre }: PolicyAsk, type: AddressType): readonly LabelledAsker[] {
  const tree = askersAre === "given" || source.kind === "topology" ? null : unfoldTree(source.zone, name, type);
  if (tree === null) return askers;
  return askersOf(tree).classes.map(({ words, asker }) => ({ label: `users ${words}`, asker }));
}

function verdictOf(rows: readonly AskerChange[]): "conforms" | "deviates" | "undecided" {
  const isBad = ({ change }: AskerChange): boolean => change.stranded.length > 0 || change.failsOpen || change.empty;
  const bad = rows.filter(isBad);
  if (bad.length === 0) return "conforms";
  // With something unknown a legal answer may be bad and another one good.
  const isSure = ({ change: { after } }: AskerChange): boolean =>
    after.unknown.length === 0 || after.acceptable.every((choice) => choice.failOpen);
  return bad.some(isSure) ? "deviates" : "undecided";
}

function failingOf({ source, health }: PolicyAsk): readonly Failing[] {
  return health.downKeys.map((key): Failing => {
    const check = source.zone.healthChecks.find(({ id }) => id === key);
    if (check !== undefined && !source.assumed.has(key)) return { kind: "check", check };
    if (key.startsWith("target:"))
      return {
        kind: "unreadable",
        id: key.slice("target:".length),
        why: "the load balancer's own health checks decide",
      };
    const why = check === undefined ? "no such health check" : "its settings are in no file";
    return { kind: "unreadable", id: key, why };
  });
}

function payloadOf({ name, health, down }: PolicyAsk, rows: readonly AskerChange[], time: FollowTime | null): object {
  return {
    name,
    down,
    health: { before: health.before, after: health.after },
    askers: rows.map(({ asker, type, change: { before, after, ...rest } }) => ({
      asker,
      type,
      ...rest,
      before: withoutQuestion(before),
      after: withoutQuestion(after),
    })),
    time,
  };
}

function textOf(ask: PolicyAsk, rows: readonly AskerChange[], time: FollowTime | null): string {
  const { zone } = ask.source;
  const groups = new Map<string, readonly AskerChange[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.type, told(zone, row)]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const blocks = [...groups.values()].map((members) => changeLines(zone, members, ask.types.length > 1));
  return [
    wrapped(`${ask.name}: what if ${ask.down.join(" and ")} ${ask.down.length > 1 ? "are" : "is"} down`, ""),
    "",
    ...blocks,
    "",
    ...(time === null ? ["Nobody's answer changes."] : timeLines(time)),
    "",
  ].join("\n");
}

function told(zone: Zone, { change }: AskerChange): readonly string[] {
  return [valueWords(zone, change.before), valueWords(zone, change.after), ...outcomes(change)];
}

function changeLines(zone: Zone, members: readonly AskerChange[], types: boolean): string {
  const [first] = members;
  if (first === undefined) return "";
  const [before = "", after = ""] = told(zone, first);
  const who = `${members.map(({ asker }) => asker).join(", ")}${types ? ` (${first.type})` : ""}`;
  const flow = first.change.changes ? `${before} -> ${after}` : `${after}, as before`;
  const line = `  ${who}: ${flow}`;
  const lines =
    line.length <= WIDTH
      ? [line]
      : [wrapped(`${who}:`, "  ", "    "), wrapped(before, "       "), wrapped(`-> ${after}`, "    ", "       ")];
  return [...lines, ...outcomes(first.change).map((outcome) => wrapped(outcome, "    ", "      "))].join("\n");
}

/** What somebody should know about the state after it. */
function outcomes({ after, stranded, failsOpen, empty }: Change): readonly string[] {
  const sure = after.unknown.length === 0;
  return [
    ...(stranded.length > 0
      ? [`STRANDED: ${stranded.join(", ")} ${sure ? "is" : "may be"} answered though dead, while something else lives`]
      : []),
    ...(failsOpen ? [`FAIL-OPEN: ${openReasons(after)}`] : []),
    ...(empty ? [`NO ANSWER: ${after.reason}`] : []),
  ];
}

function openReasons({ acceptable }: Answer): string {
  return acceptable.flatMap(({ failOpen, reason }) => (failOpen ? [reason] : [])).join("; or ");
}

/** "192.0.2.10 (aws-us-east-1)". */
function valueWords(zone: Zone, answer: Answer): string {
  if (answer.acceptable.length === 0) return answerWords(answer);
  const choices = answer.acceptable.map(({ values, alias, path }) => {
    const what = alias ?? values.join(", ");
    const name = path.length > 0 ? path.join("/") : recordOf(zone, values);
    return name === null ? what : `${what} (${name})`;
  });
  return [...choices, ...(answer.mayBeEmpty ? ["no answer"] : [])].join(" or ");
}

/** Several records that answer together have no path. */
function recordOf({ recordSets }: Zone, values: readonly string[]): string | null {
  const ids = recordSets
    .filter((record) => valuesOf(record).some((value) => values.includes(value)))
    .flatMap(({ setIdentifier }) => setIdentifier ?? []);
  return ids.length === 0 ? null : [...new Set(ids)].join(", ");
}

function timeLines(time: FollowTime): readonly string[] {
  const span = (ms: number | null): string => (ms === null ? "not known" : formatDuration(ms));
  const many = time.detections.length > 1;
  const rows = [
    ...time.detections.map(({ id, minMs, maxMs, rule }) => [
      `detection${many ? ` of ${id}` : ""}`,
      minMs === null ? (maxMs === null ? "not known" : `within ${span(maxMs)}`) : `${span(minMs)} to ${span(maxMs)}`,
      rule,
    ]),
    ["propagation", span(time.propagationMs), "of the health to Route 53's name servers: a setting"],
    ["name servers by", span(time.authoritativeByMs), time.authoritativeRule],
    ["caches by", span(time.cachesByMs), time.cachesRule],
  ];
  return ["Users have followed, counted from the failure", alignColumns(rows)];
}
