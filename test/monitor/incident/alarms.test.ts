// What is one alarm and what are several, over rounds: `at` is the minute.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FLAP_QUIET_MS, stepAlarms } from "../../../monitor/incident/alarms.ts";
import type { Alarm } from "../../../monitor/model/alert.ts";
import type { Incident } from "../../../monitor/model/verdict.ts";

const MINUTE = 60_000;

function incident(subject: string, minute: number, closedMinute: number | null = null): Incident {
  const closedAt = closedMinute === null ? null : closedMinute * MINUTE;
  return { id: `${minute} ${subject}`, subject, openedAt: minute * MINUTE, closedAt, reason: `${subject} is odd` };
}

/** The subjects that are open at each minute; gives what is told of each. */
function tell(rounds: readonly (readonly string[])[], regions = 20) {
  let alarms: readonly Alarm[] = [];
  let open: readonly Incident[] = [];
  let closed: readonly Incident[] = [];
  return rounds.map((subjects, minute) => {
    const ended = open.filter(({ subject }) => !subjects.includes(subject));
    closed = [...ended.map((one) => ({ ...one, closedAt: minute * MINUTE })), ...closed];
    const fresh = subjects.filter((subject) => !open.some((one) => one.subject === subject));
    open = [...open.filter((one) => !ended.includes(one)), ...fresh.map((subject) => incident(subject, minute))];
    const before = new Set(alarms.map(({ id }) => id));
    const step = stepAlarms(alarms, open, closed, regions, minute * MINUTE);
    alarms = step.open;
    return {
      opened: step.open.filter(({ id }) => !before.has(id)).map(({ scope, subject }) => `${scope} ${subject}`),
      ended: step.ended.map(({ subject }) => subject),
    };
  });
}

const nothing = { opened: [], ended: [] };
const many = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `region:r${n}`);

describe("one cause is one alarm", () => {
  test.each([
    {
      name: "a region with its claim",
      rounds: [["region:a", "claim:a"]],
      want: [{ opened: ["regions region:a"], ended: [] }],
    },
    {
      name: "regions that fail in the same round",
      rounds: [["region:a", "region:b"]],
      want: [{ opened: ["regions region:a"], ended: [] }],
    },
    {
      name: "regions that fail one after the other are two",
      rounds: [["region:a"], ["region:a", "region:b"]],
      want: [
        { opened: ["regions region:a"], ended: [] },
        { opened: ["regions region:b"], ended: [] },
      ],
    },
    {
      name: "what the router sees of a region that is down",
      rounds: [["region:a"], ["region:a", "router:a", "claim:a"]],
      want: [{ opened: ["regions region:a"], ended: [] }, nothing],
    },
    {
      name: "all answers of DNS",
      rounds: [
        ["dns:x:enam:authoritative", "dns:x:weur:authoritative"],
        ["dns:x:enam:authoritative", "dns:x:oc:recursive"],
      ],
      want: [{ opened: ["dns dns:x:enam:authoritative"], ended: [] }, nothing],
    },
    {
      name: "DNS that does not follow a region that is down is another one",
      rounds: [["region:a"], ["region:a", "dns:x:enam:authoritative"]],
      want: [
        { opened: ["regions region:a"], ended: [] },
        { opened: ["dns dns:x:enam:authoritative"], ended: [] },
      ],
    },
    {
      name: "everything down: failover speaks for all",
      rounds: [["failover", "region:a", "region:b", "dns:x:enam:recursive"]],
      want: [{ opened: ["global failover"], ended: [] }],
    },
    { name: "twenty regions at once", rounds: [many(20)], want: [{ opened: ["global region:r0"], ended: [] }] },
    {
      name: "twenty regions within three rounds are told twice: when it begins, and when it is everywhere",
      rounds: [many(8), many(15), many(20)],
      want: [{ opened: ["regions region:r0"], ended: [] }, { opened: ["global region:r8"], ended: [] }, nothing],
    },
    {
      name: "a drill that is overdue stands alone, as does that nobody looks",
      rounds: [["failover", "drill:d", "vantages"]],
      want: [{ opened: ["global failover", "drill drill:d", "blind vantages"], ended: [] }],
    },
    {
      name: "it is over when all of it is",
      rounds: [["region:a", "region:b"], ["region:b"], []],
      want: [{ opened: ["regions region:a"], ended: [] }, nothing, { opened: [], ended: ["region:a"] }],
    },
  ])("$name", ({ rounds, want }) => {
    expect(tell(rounds)).toEqual(want);
  });
});

describe("what flaps", () => {
  const quiet: readonly (readonly string[])[] = Array.from({ length: FLAP_QUIET_MS / MINUTE }, () => []);

  test("is told three times, and is over when it has been quiet for a while", () => {
    const flaps = [["region:a"], [], ["region:a"], [], ["region:a"], [], ["region:a"], [], ["region:a"], ...quiet, []];
    const told = tell(flaps);
    expect(told.flatMap(({ opened }) => opened)).toHaveLength(3);
    expect(told.flatMap(({ ended }) => ended)).toHaveLength(3);
    expect(told.findIndex(({ opened }, index) => index > 4 && opened.length > 0)).toBe(-1);
    expect(told.at(-1)).toEqual({ opened: [], ended: ["region:a"] });
  });

  test("is not what grew for some rounds and is over as one", () => {
    const grown = ["region:a", "router:a", "claim:a"];
    const told = tell([...grown.map((_, n) => grown.slice(0, n + 1)), []]);
    expect(told.flatMap(({ opened }) => opened)).toEqual(["regions region:a"]);
    expect(told.at(-1)).toEqual({ opened: [], ended: ["region:a"] });
    const ways = ["enam", "weur", "oc", "sam"].map((vantage) => `dns:x:${vantage}:recursive`);
    expect(tell([...ways.map((_, n) => ways.slice(n, n + 2)), []]).at(-1)?.ended).toEqual([ways[0]]);
  });

  test("is not what a drill was meant to cause", () => {
    const planned = [1, 3, 5].map((minute) => ({ ...incident("region:a", minute, minute + 1), causedBy: "a-drill" }));
    const { open } = stepAlarms([], [incident("region:a", 10)], planned, 20, 10 * MINUTE);
    const closed = [incident("region:a", 10, 11), ...planned];
    expect(stepAlarms(open, [], closed, 20, 11 * MINUTE).ended).toHaveLength(1);
  });

  test("does not hold back what is over for good", () => {
    expect(tell([["region:a"], [], ["region:a"], []]).map(({ ended }) => ended.length)).toEqual([0, 1, 0, 1]);
  });
});

test("every open incident is in exactly one alarm, and no alarm is left without one unless it waits to be over", () => {
  const subject = fc.constantFrom<string>(
    "failover",
    "region:a",
    "region:b",
    "claim:a",
    "dns:x:enam:recursive",
    "drill:d",
    "vantages",
    "odd",
  );
  fc.assert(
    fc.property(fc.array(fc.uniqueArray(subject), { minLength: 1, maxLength: 20 }), (rounds) => {
      let alarms: readonly Alarm[] = [];
      let open: readonly Incident[] = [];
      let closed: readonly Incident[] = [];
      for (const [minute, subjects] of rounds.entries()) {
        const ended = open.filter((one) => !subjects.includes(one.subject));
        closed = ended.map((one): Incident => ({ ...one, closedAt: minute * MINUTE })).concat(closed);
        open = subjects.map((name) => open.find((one) => one.subject === name) ?? incident(name, minute));
        const step = stepAlarms(alarms, open, closed, 2, minute * MINUTE);
        alarms = step.open;
        const held = alarms.flatMap(({ incidents }) => incidents);
        expect(held.toSorted()).toEqual(open.map(({ id }) => id).toSorted());
        for (const { incidents, quietSince } of alarms) expect(incidents.length === 0).toBe(quietSince !== null);
        for (const { quietSince } of step.ended) expect(quietSince).not.toBeNull();
        expect(new Set(alarms.map(({ id }) => id)).size).toBe(alarms.length);
      }
    }),
  );
});
