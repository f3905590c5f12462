// What a channel is told, over rounds of a minute each.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AlertBook, Notice, OutboxEntry } from "../../../monitor/model/alert.ts";
import type { Incident } from "../../../monitor/model/verdict.ts";
import type { MonitorState } from "../../../monitor/model/state.ts";
import { BLIND_ROUNDS, entryOf, MESSAGES_MAX, NO_ALERTS, stepAlerts } from "../../../monitor/run/alert-step.ts";
import { EMPTY_STATE, parseState } from "../../../monitor/run/state.ts";
import type { AlertChannel } from "../../../monitor/topology/topology.ts";
import { heartbeat, webhook } from "../../support/alert-channels.ts";
import { AWS, EXAMPLE } from "../../support/example-topology.ts";

const MINUTE = 60_000;
const START = 1_767_225_600_000;

/** What is open in a round; "!x" is planned, "-" means that nobody looks. */
type Round = readonly string[];

interface Told {
  readonly book: AlertBook;
  /** By minute. */
  readonly entries: readonly (readonly OutboxEntry[])[];
}

function tell(channels: readonly AlertChannel[], rounds: readonly Round[], regions = 20): Told {
  const topology = {
    ...EXAMPLE,
    alerts: channels,
    regions: Array.from({ length: regions }, (_, n) => ({ ...AWS, id: `r${n}` })),
  };
  let book = NO_ALERTS;
  let open: readonly Incident[] = [];
  let closed: readonly Incident[] = [];
  const entries = rounds.map((names, minute) => {
    const at = START + minute * MINUTE;
    const subjects = names.filter((name) => name !== "-");
    const ended = open.filter(({ subject }) => !subjects.some((name) => name.replace("!", "") === subject));
    closed = [...ended.map((one) => ({ ...one, closedAt: at })), ...closed];
    open = subjects.map((name) => incidentOf(name, open, at));
    const missed = names.includes("-") ? "no report" : null;
    const state = { incidents: { open, closed }, vantages: { enam: { colo: "X", lastAt: at, missed } } };
    const step = stepAlerts(topology, book, state, at);
    book = step.book;
    return step.entries;
  });
  return { book, entries };
}

function incidentOf(name: string, known: readonly Incident[], at: number): Incident {
  const subject = name.replace("!", "");
  const was = known.find((one) => one.subject === subject);
  // As in `incident/book.ts`: what was real once stays so.
  const real = was !== undefined && was.causedBy === undefined;
  const planned = name.startsWith("!") && !real ? { causedBy: "a-drill" } : {};
  const { id, openedAt } = was ?? { id: `${at} ${subject}`, openedAt: at };
  return { id, openedAt, subject, closedAt: null, reason: `${subject} is down`, ...planned };
}

/** "3 opened region:a +2": minute, event, subject, attached. */
function lines({ entries }: Told): readonly string[] {
  return entries.flatMap((round, minute) => round.map(({ notice }) => `${minute} ${words(notice)}`));
}

function words(notice: Notice): string {
  if (notice.kind === "digest") return `digest of ${notice.withheld}, open ${notice.open.length + notice.more}`;
  if (notice.kind !== "incident") return notice.kind;
  const others = notice.attached.length + notice.more;
  return `${notice.event} ${notice.subject}${others === 0 ? "" : ` +${others}`}`;
}

const A = ["region:r0"];

describe("a channel is told", () => {
  test.each<{ name: string; channel: AlertChannel; rounds: readonly Round[]; want: readonly string[] }>([
    {
      name: "when it begins and when it is over, and nothing in between",
      channel: webhook(),
      rounds: [[], A, A, A, []],
      want: ["1 opened region:r0", "4 closed region:r0"],
    },
    {
      name: "once of twenty regions at once, and once that it is over",
      channel: webhook(),
      rounds: [Array.from({ length: 20 }, (_, n) => `region:r${n}`), []],
      want: ["0 opened region:r0 +19", "1 closed region:r0"],
    },
    {
      name: "nothing of what a drill was meant to cause",
      channel: webhook(),
      rounds: [["!region:r0", "!failover"], ["!region:r0"], []],
      want: [],
    },
    {
      name: "of what outlasts its drill",
      channel: webhook(),
      rounds: [["!region:r0"], ["region:r0"], []],
      want: ["1 opened region:r0", "2 closed region:r0"],
    },
    {
      name: "what is still open, as often as it asks for",
      channel: webhook({ on: ["opened", "reminder", "closed"], remindMinutes: 2 }),
      rounds: [A, A, A, A, A, []],
      want: ["0 opened region:r0", "2 reminder region:r0", "4 reminder region:r0", "5 closed region:r0"],
    },
    {
      name: "nothing as still open while nobody can look, and at once when somebody can",
      channel: webhook({ on: ["opened", "reminder", "closed", "blind"], remindMinutes: 2 }),
      rounds: [A, [...A, "-"], [...A, "-"], [...A, "-"], [...A, "-"], [...A, "-"], A],
      want: [
        "0 opened region:r0",
        "2 reminder region:r0",
        "3 opened vantages",
        "5 reminder vantages",
        "6 closed vantages",
        "6 reminder region:r0",
      ],
    },
    {
      name: "nothing of what is over soon",
      channel: webhook({ minOpenSeconds: 120 }),
      rounds: [A, A, [], A, A, A, []],
      want: ["5 opened region:r0", "6 closed region:r0"],
    },
    {
      name: "only of its own subjects",
      channel: webhook({ subjects: ["failover", "dns:*"] }),
      rounds: [A, [...A, "dns:x:enam:recursive"], A, []],
      want: ["1 opened dns:x:enam:recursive", "2 closed dns:x:enam:recursive"],
    },
    {
      name: "that a region is its subject, where all are down with it",
      channel: webhook({ subjects: ["region:r0"] }),
      rounds: [["failover", "region:r1", "region:r0"], []],
      want: ["0 opened failover +2", "1 closed failover"],
    },
    {
      name: "only that it is over, if it asks for no more",
      channel: webhook({ on: ["closed"] }),
      rounds: [A, []],
      want: ["1 closed region:r0"],
    },
    {
      name: "that nobody can look any more, and that somebody can again",
      channel: webhook(),
      rounds: [["-"], ["-"], ["-"], ["-"], []],
      want: [`${BLIND_ROUNDS - 1} opened vantages`, "4 closed vantages"],
    },
    {
      name: "nothing of that, if it does not ask",
      channel: webhook({ on: ["opened", "closed"] }),
      rounds: [["-"], ["-"], ["-"], []],
      want: [],
    },
    { name: "nothing as a heartbeat", channel: heartbeat("beat", "https://x.example"), rounds: [A, []], want: [] },
  ])("$name", ({ channel, rounds, want }) => {
    expect(lines(tell([channel], rounds))).toEqual(want);
  });
});

describe("a flood", () => {
  /** Another region fails every minute, and stays down. */
  const flood: readonly Round[] = Array.from({ length: 40 }, (_, n) =>
    Array.from({ length: n + 1 }, (_two, m) => `region:r${m}`),
  );

  test("is told one by one up to a bound, and then together", () => {
    const told = lines(tell([webhook()], [...flood, []], 200));
    const opened = told.filter((line) => line.includes("opened"));
    expect(opened).toHaveLength(MESSAGES_MAX);
    expect(told.filter((line) => line.includes("digest"))).toEqual([`${MESSAGES_MAX + 10} digest of 11, open 31`]);
    expect(told.filter((line) => line.includes("closed"))).toHaveLength(MESSAGES_MAX);
  });

  test("is told together at its end, too", () => {
    const calm: readonly Round[] = Array.from({ length: 12 }, () => []);
    const told = lines(tell([webhook()], [...flood, ...calm], 200));
    // Nine openings since the first digest, and the ends of all twenty that nobody was told the beginning of.
    expect(told.findLast((line) => line.includes("digest"))).toBe("41 digest of 29, open 0");
  });

  test("is summed up by what the channel is meant to hear of", () => {
    const also = flood.map((round) => [...round, "drill:d"]);
    const told = lines(tell([webhook({ subjects: ["region:*"] })], also, 200));
    expect(told.filter((line) => line.includes("digest"))).toEqual([`${MESSAGES_MAX + 10} digest of 11, open 31`]);
  });

  test("of one channel costs the others nothing", () => {
    const { entries } = tell([webhook({ name: "a" }), webhook({ name: "b", subjects: ["region:r30"] })], flood, 200);
    expect(entries.flat().filter(({ channel }) => channel === "b")).toHaveLength(1);
  });
});

test("services that fail in the same millisecond share no key, be it an incident's, a report's or a test's", () => {
  const other = { service: { ...EXAMPLE.service, host: "other.example.com" } };
  const [opened] = tell([webhook()], [A]).entries.flat();
  const report = { kind: "report", day: "2026-01-01", markdown: "# x" } as const;
  for (const notice of [opened?.notice ?? report, report, { kind: "test" } as const])
    expect(entryOf(EXAMPLE, "on-call", notice, START).key).not.toBe(entryOf(other, "on-call", notice, START).key);
});

test("no message has another one's key, and the same round has the same keys", () => {
  const rounds = [A, [], A, [], ["failover"], ["failover", "drill:d"]];
  const channels = [webhook({ name: "a" }), webhook({ name: "b" })];
  const keys = tell(channels, rounds)
    .entries.flat()
    .map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(
    tell(channels, rounds)
      .entries.flat()
      .map(({ key }) => key),
  ).toEqual(keys);
  for (const key of keys) expect(key).toMatch(/^msg_[0-9a-f]{16}$/);
});

test("whatever opens and closes, each channel hears of an incident at most once that it begins, then that it is over, in this order", () => {
  const subject = fc.constantFrom(
    "failover",
    "region:r0",
    "region:r1",
    "!region:r0",
    "claim:r0",
    "dns:x:enam:recursive",
    "-",
  );
  fc.assert(
    fc.property(fc.array(fc.uniqueArray(subject), { maxLength: 30 }), (rounds) => {
      const plain = rounds.map((round) =>
        round.filter((name) => !(name === "!region:r0" && round.includes("region:r0"))),
      );
      const { entries } = tell([webhook()], [...plain, ...Array.from({ length: 20 }, () => [])], 2);
      const events = new Map<string, string[]>();
      for (const { alarm, notice } of entries.flat())
        if (notice.kind === "incident" && alarm !== null)
          events.set(alarm, [...(events.get(alarm) ?? []), notice.event]);
      for (const told of events.values()) expect(told).toEqual(["opened", "closed"]);
    }),
  );
});

test("what was told is read back from the stored state; a state from before there were alerts is read, too", () => {
  const { book } = tell([webhook()], [A, ["-"], ["-"], [...A, "-"]]);
  const state: MonitorState = { ...EMPTY_STATE, alerts: book };
  expect(parseState(JSON.stringify(state))).toEqual({ ok: true, value: state });
  expect(parseState(JSON.stringify(EMPTY_STATE)).ok).toBe(true);
});
