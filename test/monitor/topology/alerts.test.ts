import { describe, expect, test } from "vitest";
import { formatProblem } from "../../../monitor/problem.ts";
import { dailyCost, FREE_PLAN } from "../../../monitor/topology/cost.ts";
import { fingerprint } from "../../../monitor/topology/fingerprint.ts";
import { parseTopology } from "../../../monitor/topology/parse.ts";
import type { AlertChannel } from "../../../monitor/topology/topology.ts";
import { EXAMPLE } from "../../support/example-topology.ts";
import { extended, problemLines, SMALLEST, topologyOf } from "../../support/topology-text.ts";

const SECRET = `whsec_${"A".repeat(43)}=`;
const VARIABLES = {
  HOOK: "https://hooks.example.com/marker?sig=marker",
  KEY: "0123456789abcdef0123456789abcdef",
  SECRET,
};

function channelsOf(...lines: readonly string[]): readonly AlertChannel[] {
  const parsed = parseTopology(extended("alerts:", ...lines), VARIABLES);
  if (parsed.ok) return parsed.value.alerts;
  throw new Error(parsed.problems.map((problem) => formatProblem(problem, "")).join("\n"));
}

/** Without line and column, which the parser's own tests look at. */
function placeless(text: string): readonly string[] {
  return problemLines(text, VARIABLES).map((line) => line.replace(/^\d+:\d+: /, ""));
}

test("each kind of channel gets its defaults, and its secrets from variables", () => {
  const told = { on: ["opened", "closed", "blind"], subjects: ["*"], remindMinutes: null, minOpenSeconds: 0 };
  expect(
    channelsOf(
      "  - { name: a, kind: webhook, url: '${HOOK}', secret: '${SECRET}' }",
      "  - { name: b, kind: slack, url: '${HOOK}' }",
      "  - { name: c, kind: pagerduty, routingKey: '${KEY}' }",
      "  - { name: d, kind: heartbeat, url: '${HOOK}' }",
    ),
  ).toEqual([
    { name: "a", kind: "webhook", url: VARIABLES.HOOK, secret: SECRET, ...told },
    { name: "b", kind: "slack", url: VARIABLES.HOOK, ...told },
    {
      name: "c",
      kind: "pagerduty",
      routingKey: VARIABLES.KEY,
      url: "https://events.pagerduty.com/v2/enqueue",
      ...told,
    },
    { name: "d", kind: "heartbeat", url: VARIABLES.HOOK },
  ]);
});

describe("a channel that would not work is refused", () => {
  test.each([
    {
      name: "of an unknown kind",
      line: "{ name: a, kind: pigeon, url: 'https://example.com' }",
      want: ['alerts[0].kind: expected webhook, slack, pagerduty or heartbeat, found "pigeon"'],
    },
    {
      name: "at an address that is none, which is not shown",
      line: "{ name: a, kind: slack, url: 'ftp://user:secret@example.com/secret' }",
      want: [
        "alerts[0].url: expected an http or https URL without user, password and fragment, best from a variable, found something else",
      ],
    },
    {
      name: "in plain HTTP",
      line: "{ name: a, kind: slack, url: 'http://hooks.example.com/x' }",
      want: ["alerts[0].url: expected an https URL (http is allowed under `local: true`), found something else"],
    },
    {
      name: "at a bare address",
      line: "{ name: a, kind: slack, url: 'https://192.0.2.1/x' }",
      want: [
        "alerts[0].url: expected a host name: Cloudflare's edge fetches no bare addresses (allowed under `local: true`), found something else",
      ],
    },
    {
      name: "with a secret of another form, which is not shown",
      line: "{ name: a, kind: webhook, url: 'https://hooks.example.com', secret: hunter2 }",
      want: [
        "alerts[0].secret: expected whsec_ and 24 to 64 random bytes in base64, from a variable, found something else",
      ],
    },
    {
      name: "with a variable that is not set",
      line: "{ name: a, kind: slack, url: '${NOPE}' }",
      want: ["alerts[0].url: expected a value for the variable ${NOPE}, found that it is not set"],
    },
    {
      name: "whose reports PagerDuty would make incidents",
      line: "{ name: a, kind: pagerduty, routingKey: '${KEY}', on: [report] }",
      want: ['alerts[0].on[0]: expected what the channel is told of (opened, closed, reminder, blind), found "report"'],
    },
    {
      name: "that is to be reminded, but not when",
      line: "{ name: a, kind: slack, url: '${HOOK}', on: [reminder] }",
      want: ["alerts[0].remindMinutes: missing: expected minutes between two reminders, because `on` has reminder"],
    },
    {
      name: "that has times for reminders it will not get",
      line: "{ name: a, kind: slack, url: '${HOOK}', remindMinutes: 5 }",
      want: ["alerts[0].remindMinutes: expected nothing, because `on` has no reminder, found 5"],
    },
    {
      name: "for a region that is not there",
      line: "{ name: a, kind: slack, url: '${HOOK}', subjects: ['region:eats', 'region:e*'] }",
      want: [
        'alerts[0].subjects[0]: expected a subject of a region (region:east, region:west), found "region:eats", did you mean region:east?',
      ],
    },
    {
      name: "for something that is no subject",
      line: "{ name: a, kind: slack, url: '${HOOK}', subjects: ['everything'] }",
      want: [
        'alerts[0].subjects[0]: expected a subject such as failover or region:aws-us-east-1, or how it begins, such as dns:*, found "everything"',
      ],
    },
  ])("$name", ({ line, want }) => {
    expect(placeless(extended("alerts:", `  - ${line}`))).toEqual(want);
  });

  test("with a name that another one has, or as a second heartbeat", () => {
    const line = "  - { name: a, kind: heartbeat, url: '${HOOK}' }";
    expect(placeless(extended("alerts:", line, line))).toEqual([
      'alerts[1].name: expected a name that no other channel has (alerts[0].name has it already), found "a"',
      'alerts[1].kind: expected one heartbeat at most: it is called after every round, found "heartbeat"',
    ]);
  });

  test("with a name under which nothing can be kept: every round would end with it", () => {
    expect(placeless(extended("alerts:", "  - { name: constructor, kind: heartbeat, url: '${HOOK}' }"))).toEqual([
      'alerts[0].name: expected an id other than constructor, found "constructor"',
    ]);
  });

  test("but not under local, where receivers are on this machine", () => {
    const line = "  - { name: a, kind: slack, url: 'http://127.0.0.1:9/x' }";
    expect(problemLines(`local: true\n${extended("alerts:", line)}`)).toEqual([]);
  });
});

describe("for whoever only reads the topology", () => {
  const text = extended(
    "alerts:",
    "  - { name: a, kind: webhook, url: '${UNSET}/x', secret: '${UNSET}' }",
    "  - { name: b, kind: pagerduty, routingKey: '${UNSET}' }",
  );

  test("the variables of channels may be unset", () => {
    const parsed = parseTopology(text, {}, "unread");
    expect(parsed.ok && parsed.value.alerts.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(parseTopology(text, {}, "told").ok).toBe(false);
  });

  test("everything else is looked at as always, at its own place", () => {
    const wrong = `${text.replace("name: b", "name: '${UNSET}'")}  - { name: c, kind: slack, url: "\${HOOK}", on: [odd] }\n`;
    const parsed = parseTopology(wrong, VARIABLES, "unread");
    expect(parsed.ok ? [] : parsed.problems.map(({ path, line }) => [path, line])).toEqual([
      ["alerts[1].name", 16],
      ["alerts[2].on[0]", 17],
    ]);
  });
});

test("who is told is no change of policy", () => {
  const told = parseTopology(extended("alerts:", "  - { name: a, kind: slack, url: '${HOOK}' }"), VARIABLES);
  expect(told.ok && fingerprint(told.value)).toBe(fingerprint(topologyOf(SMALLEST)));
});

test("with two channels and a heartbeat that hang, 5 vantages × 2 regions × 30 s need less than half of the free plan", () => {
  const [slack, heartbeat] = channelsOf(
    "  - { name: a, kind: slack, url: '${HOOK}' }",
    "  - { name: b, kind: heartbeat, url: '${HOOK}' }",
  );
  if (slack === undefined || heartbeat === undefined) throw new Error("no channels");
  const vantages = Array.from({ length: 5 }, (_, index) => ({
    id: `v${index}`,
    hint: "enam" as const,
    clientSubnet: null,
    latencyOrder: [],
  }));
  const topology = { ...EXAMPLE, probe: { ...EXAMPLE.probe, vantages }, alerts: [slack, slack, heartbeat] };
  const cost = dailyCost(topology);
  expect(cost).toEqual({ requests: 17_280, gigabyteSeconds: 6318.08, rowsWritten: 24_116, subrequests: 10 });
  for (const part of ["requests", "gigabyteSeconds", "rowsWritten", "subrequests"] as const)
    expect(cost[part]).toBeLessThan(FREE_PLAN[part] / 2);
});
