// What people are told of what is muted, over rounds of a minute each: nothing while it lasts, and of what still lasts then, at its end.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AlertBook, Mute } from "../../../monitor/model/alert.ts";
import type { Incident } from "../../../monitor/model/verdict.ts";
import { NO_ALERTS, stepAlerts } from "../../../monitor/run/alert-step.ts";
import { EMPTY_STATE, parseState } from "../../../monitor/run/state.ts";
import { MINUTE_MS } from "../../../monitor/time.ts";
import type { ToldChannel } from "../../../monitor/topology/topology.ts";
import { webhook } from "../../support/alert-channels.ts";
import { AWS, EXAMPLE } from "../../support/example-topology.ts";

const START = 1_767_225_600_000;

interface MutedFor {
  readonly subjects: readonly string[];
  /** Minutes; the latter is no part of it. */
  readonly from: number;
  readonly until: number;
}

/** Lines such as "3 opened region:r0 +2", of rounds that name what is open; "-" among them: nobody looks. */
function tell(rounds: readonly (readonly string[])[], mutes: readonly MutedFor[], channel = webhook()): string[] {
  return told(rounds, mutes, channel).lines;
}

function told(rounds: readonly (readonly string[])[], mutes: readonly MutedFor[], channel: ToldChannel) {
  const topology = {
    ...EXAMPLE,
    alerts: [channel],
    regions: Array.from({ length: 20 }, (_, n) => ({ ...AWS, id: `r${n}` })),
  };
  const ordered = mutes.map(({ subjects, from, until }, index): Mute => ({
    id: `m${index}`,
    subjects,
    from: START + from * MINUTE_MS,
    until: START + until * MINUTE_MS,
    reason: "known",
    by: null,
  }));
  let book: AlertBook = NO_ALERTS;
  let open: readonly Incident[] = [];
  let closed: readonly Incident[] = [];
  const lines = rounds.flatMap((names, minute) => {
    const at = START + minute * MINUTE_MS;
    const subjects = names.filter((name) => name !== "-");
    const over = open.filter(({ subject }) => !subjects.includes(subject));
    closed = [...over.map((one) => ({ ...one, closedAt: at })), ...closed];
    open = subjects.map(
      (subject) =>
        open.find((one) => one.subject === subject) ?? {
          id: `${at} ${subject}`,
          subject,
          openedAt: at,
          closedAt: null,
          reason: `${subject} is down`,
        },
    );
    const missed = names.includes("-") ? "no report" : null;
    const state = { incidents: { open, closed }, vantages: { enam: { colo: "X", lastAt: at, missed } } };
    const step = stepAlerts(topology, book, state, at, ordered);
    book = step.book;
    return step.entries.map(({ notice }) => {
      if (notice.kind !== "incident") return `${minute} ${notice.kind}`;
      const others = notice.attached.length + notice.more;
      return `${minute} ${notice.event} ${notice.subject}${others === 0 ? "" : ` +${others}`}`;
    });
  });
  return { lines, book };
}

const A = ["region:r0"];
const muted = (from: number, until: number, ...subjects: string[]): MutedFor[] => [{ subjects, from, until }];

describe("while it is muted", () => {
  test("nothing is told that begins and ends in it", () => {
    expect(tell([[], A, A, []], muted(0, 9, "region:r0"))).toEqual([]);
  });

  test("what still lasts when the mute ends is told then, once", () => {
    expect(tell([[], A, A, A, A, []], muted(0, 3, "region:*"))).toEqual(["3 opened region:r0", "5 closed region:r0"]);
  });

  test("what was told before is told as still open when the mute ends, also to who wants no reminders", () => {
    expect(tell([A, A, A, A, A, []], muted(1, 3, "region:r0"))).toEqual([
      "0 opened region:r0",
      "3 reminder region:r0",
      "5 closed region:r0",
    ]);
  });

  test("what was told before is told to be over", () => {
    expect(tell([A, A, []], muted(1, 9, "region:r0"))).toEqual(["0 opened region:r0", "2 closed region:r0"]);
  });

  test("nothing is told as still open", () => {
    const channel = webhook({ on: ["opened", "reminder", "closed"], remindMinutes: 1 });
    expect(tell([A, A, A, A], muted(1, 3, "*"), channel)).toEqual(["0 opened region:r0", "3 reminder region:r0"]);
  });

  test("what is not muted is told as always", () => {
    const rounds = [["region:r0", "dns:x:enam:recursive"], []];
    expect(tell(rounds, muted(0, 9, "dns:*"))).toEqual(["0 opened region:r0", "1 closed region:r0"]);
  });

  test("an alarm is told by the name of what is not muted in it", () => {
    expect(tell([["region:r0", "region:r1"], []], muted(0, 9, "region:r0"))).toEqual([
      "0 opened region:r1 +1",
      "1 closed region:r1",
    ]);
  });

  test("regions keep nobody from being told that none is left", () => {
    const down = Array.from({ length: 20 }, (_, n) => `region:r${n}`);
    expect(tell([down, ["failover", ...down], []], muted(0, 9, "region:*"))).toEqual([
      "1 opened failover +20",
      "2 closed failover",
    ]);
  });

  test("what a region claims is muted with it", () => {
    expect(tell([["claim:r0"], ["region:r0", "claim:r0"], []], muted(0, 9, "region:r0"))).toEqual([]);
  });

  test("nobody looks at its end, so nobody is told that it lasts before somebody does", () => {
    const blind = webhook({ on: ["opened", "closed", "blind"] });
    expect(tell([A, [...A, "-"], [...A, "-"], [...A, "-"], [...A, "-"], A], muted(1, 4, "region:*"), blind)).toEqual([
      "0 opened region:r0",
      "3 opened vantages",
      "5 closed vantages",
      "5 reminder region:r0",
    ]);
  });
});

test("an alarm that is muted is stored as such", () => {
  const { book } = told([A, A], muted(1, 9, "region:r0"), webhook());
  expect(book.alarms).toMatchObject([{ hushed: true }]);
  expect(parseState(JSON.stringify({ ...EMPTY_STATE, alerts: book }))).toMatchObject({ ok: true });
});

test("whatever opens, closes and is muted: nothing muted is told to begin, nothing is told to be over that was not told to begin, and nothing that is open and not muted is untold", () => {
  const subjects = ["failover", "region:r0", "region:r1", "claim:r0", "dns:x:enam:recursive"];
  const round = fc.subarray(subjects);
  const mute = fc.record({
    subjects: fc.subarray(["region:*", "region:r0", "dns:*", "failover"], { minLength: 1 }),
    from: fc.nat(15),
    until: fc.nat(15),
  });
  fc.assert(
    fc.property(fc.array(round, { maxLength: 15 }), fc.array(mute, { maxLength: 3 }), (rounds, mutes) => {
      const { lines, book } = told(rounds, mutes, webhook());
      const isMuted = (subject: string, minute: number): boolean =>
        mutes.some(
          (one) =>
            one.from <= minute &&
            minute < one.until &&
            one.subjects.some((pattern) =>
              [subject, subject.replace("claim:", "region:")].some((name) =>
                pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
              ),
            ),
        );
      for (const line of lines) {
        const [minute = "", event, subject = ""] = line.split(" ");
        if (event === "opened") expect(isMuted(subject, Number(minute))).toBe(false);
      }
      const count = (event: string): number => lines.filter((line) => line.includes(` ${event} `)).length;
      expect(count("closed")).toBeLessThanOrEqual(count("opened"));
      const last = rounds.length - 1;
      const audible = (rounds[last] ?? []).filter((subject) => !isMuted(subject, last));
      const toldOf = book.alarms
        .filter((alarm) => Object.keys(alarm.told).length > 0)
        .flatMap((alarm) => alarm.incidents);
      for (const subject of audible) expect(toldOf.some((id) => id.endsWith(` ${subject}`))).toBe(true);
    }),
    { numRuns: 300 },
  );
});
