// What each kind of receiver is sent for each kind of notice.
import { expect, test } from "vitest";
import type { Notice, OutboxEntry, ToldIncident } from "../../../monitor/model/alert.ts";
import { alertBody } from "../../../monitor/report/alert-body.ts";
import { noticeLines, noticeTitle } from "../../../monitor/report/alert-words.ts";
import type { ToldChannel } from "../../../monitor/topology/topology.ts";
import { pagerDuty, slack, webhook } from "../../support/alert-channels.ts";
import { EXAMPLE } from "../../support/example-topology.ts";

const MINUTE = 60_000;
const OPENED = 1_767_225_600_000;
const SUBJECT = "region:aws-us-east-1";
const ID = `2026-01-01T00:00:00.000Z ${SUBJECT}`;

function told(subject: string): ToldIncident {
  return { id: `x ${subject}`, subject, reason: `${subject} is odd`, openedAt: OPENED };
}

function incident(edits: Partial<Extract<Notice, { kind: "incident" }>> = {}): Notice {
  return {
    kind: "incident",
    event: "opened",
    id: ID,
    scope: "regions",
    subject: SUBJECT,
    reason: "3 of 5 vantages are not served: timeout",
    openedAt: OPENED,
    closedAt: null,
    attached: [],
    more: 0,
    ...edits,
  };
}

const NOTICES: Readonly<Record<string, Notice>> = {
  opened: incident(),
  "opened with others": incident({ scope: "global", subject: "failover", attached: [told(SUBJECT)], more: 18 }),
  closed: incident({ event: "closed", closedAt: OPENED + 12 * MINUTE }),
  reminder: incident({ event: "reminder" }),
  digest: { kind: "digest", since: OPENED, withheld: 7, open: [told(SUBJECT)], more: 0 },
  "a calm digest": { kind: "digest", since: OPENED, withheld: 7, open: [], more: 0 },
  report: { kind: "report", day: "2025-12-31", markdown: "# A `day` & more" },
  test: { kind: "test" },
};

function bodyFor(channel: ToldChannel, notice: Notice): unknown {
  const entry: OutboxEntry = { key: "msg_1", channel: channel.name, alarm: ID, at: OPENED + MINUTE, notice };
  return JSON.parse(alertBody(channel, entry, EXAMPLE, OPENED + 60 * MINUTE));
}

test.each([
  ["opened", `${SUBJECT}: 3 of 5 vantages are not served: timeout`],
  ["opened with others", "failover, and 19 more: 3 of 5 vantages are not served: timeout"],
  ["closed", `over after 12 m: ${SUBJECT}`],
  ["reminder", `still, for 1 h: ${SUBJECT}: 3 of 5 vantages are not served: timeout`],
  ["digest", "7 messages since 2026-01-01T00:00:00.000Z were not sent one by one; open now: 1"],
  ["a calm digest", "7 messages since 2026-01-01T00:00:00.000Z were not sent one by one; nothing is open now"],
  ["report", "report of 2025-12-31"],
  ["test", "a test: nothing has happened"],
] as const)("%s is said as: %s", (name, want) => {
  const notice = NOTICES[name];
  expect(notice && noticeTitle(notice, OPENED + 60 * MINUTE)).toBe(want);
});

test("what is down with it stands below, with how much more there is", () => {
  expect(noticeLines(incident({ attached: [told(SUBJECT)], more: 18 }))).toEqual([
    `${SUBJECT} since 2026-01-01T00:00:00.000Z: ${SUBJECT} is odd`,
    "and 18 more",
  ]);
});

const SERVICE = { name: "multicloud-demo", host: "demo.multicloud.example.com" };

test.each([
  {
    name: "opened with others",
    type: "incident.opened",
    data: {
      incident: {
        id: ID,
        scope: "global",
        subject: "failover",
        reason: "3 of 5 vantages are not served: timeout",
        openedAt: "2026-01-01T00:00:00.000Z",
      },
      attached: [
        {
          id: `x ${SUBJECT}`,
          subject: SUBJECT,
          reason: `${SUBJECT} is odd`,
          openedAt: "2026-01-01T00:00:00.000Z",
        },
      ],
      more: 18,
    },
  },
  {
    name: "closed",
    type: "incident.closed",
    data: {
      incident: {
        id: ID,
        scope: "regions",
        subject: SUBJECT,
        reason: "3 of 5 vantages are not served: timeout",
        openedAt: "2026-01-01T00:00:00.000Z",
        closedAt: "2026-01-01T00:12:00.000Z",
        durationMs: 720_000,
      },
      attached: [],
      more: 0,
    },
  },
  {
    name: "a calm digest",
    type: "alerts.digest",
    data: { since: "2026-01-01T00:00:00.000Z", withheld: 7, open: [], more: 0 },
  },
  { name: "report", type: "report.daily", data: { day: "2025-12-31", markdown: "# A `day` & more" } },
  { name: "test", type: "test", data: {} },
])("a webhook is sent $name as $type", ({ name, type, data }) => {
  const notice = NOTICES[name];
  if (notice === undefined) throw new Error(name);
  expect(bodyFor(webhook(), notice)).toEqual({
    schemaVersion: 1,
    id: "msg_1",
    type,
    timestamp: "2026-01-01T00:01:00.000Z",
    service: SERVICE,
    simulated: false,
    text: `multicloud-demo: ${noticeTitle(notice, OPENED + 60 * MINUTE)}`,
    data,
  });
});

const ROUTING_KEY = "0123456789abcdef0123456789abcdef";

test.each([
  {
    name: "opened",
    want: {
      event_action: "trigger",
      dedup_key: `${SERVICE.host} ${ID}`,
      payload: { severity: "error", class: "regions" },
    },
  },
  {
    name: "opened with others",
    want: { event_action: "trigger", payload: { severity: "critical", component: "failover", class: "global" } },
  },
  {
    name: "reminder",
    want: { event_action: "trigger", dedup_key: `${SERVICE.host} ${ID}`, payload: { severity: "error" } },
  },
  { name: "digest", want: { event_action: "trigger", dedup_key: "msg_1", payload: { severity: "info" } } },
  { name: "test", want: { event_action: "trigger", dedup_key: "msg_1", payload: { severity: "info", class: "test" } } },
])("PagerDuty is sent $name as an event", ({ name, want }) => {
  const notice = NOTICES[name];
  if (notice === undefined) throw new Error(name);
  const common = { source: SERVICE.host, group: SERVICE.name, timestamp: "2026-01-01T00:01:00.000Z" };
  const payload = { ...common, summary: expect.stringMatching(/^multicloud-demo: /), ...want.payload };
  expect(bodyFor(pagerDuty("pager", "https://x.example"), notice)).toMatchObject({
    routing_key: ROUTING_KEY,
    ...want,
    payload,
  });
});

test("PagerDuty is sent no more than it needs to resolve", () => {
  const notice = incident({ event: "closed", closedAt: OPENED + MINUTE });
  expect(bodyFor(pagerDuty("pager", "https://x.example"), notice)).toEqual({
    routing_key: ROUTING_KEY,
    event_action: "resolve",
    dedup_key: `${SERVICE.host} ${ID}`,
  });
});

test.each([
  [
    "opened with others",
    `:red_circle: *multicloud-demo* failover, and 19 more: 3 of 5 vantages are not served: timeout\n• ${SUBJECT} since 2026-01-01T00:00:00.000Z: ${SUBJECT} is odd\n• and 18 more`,
  ],
  ["closed", `:white_check_mark: *multicloud-demo* over after 12 m: ${SUBJECT}`],
  ["reminder", `:hourglass: *multicloud-demo* still, for 1 h: ${SUBJECT}: 3 of 5 vantages are not served: timeout`],
  ["report", ":memo: *multicloud-demo* report of 2025-12-31\n```# A 'day' &amp; more```"],
] as const)("Slack is sent %s as a text", (name, text) => {
  const notice = NOTICES[name];
  expect(notice && bodyFor(slack("chat", "https://x.example"), notice)).toEqual({ text });
});

test("what the world says becomes no mark-up in Slack", () => {
  const evil = "<!channel> & <https://evil.example|ok> ```";
  const { text } = bodyFor(slack("chat", "https://x.example"), incident({ reason: evil })) as { readonly text: string };
  expect(text).toContain("&lt;!channel&gt; &amp; &lt;https://evil.example|ok&gt; '''");
  const report = bodyFor(slack("chat", "https://x.example"), { kind: "report", day: "2026-01-01", markdown: evil });
  expect(JSON.stringify(report)).not.toContain("<!channel>");
});

test("long texts keep to the receivers' bounds", () => {
  const long = "x".repeat(5000);
  const notice = incident({ id: `${ID}${long}`, reason: long });
  const event = bodyFor(pagerDuty("pager", "https://x.example"), notice) as {
    readonly dedup_key: string;
    readonly payload: { readonly summary: string };
  };
  expect(event.payload.summary).toHaveLength(1024);
  expect(event.dedup_key).toMatch(/^[0-9a-f]{16}$/);
  const markdown = Array.from({ length: 1000 }, (_, n) => `line ${n}`).join("\n");
  const { text } = bodyFor(slack("chat", "https://x.example"), { kind: "report", day: "2026-01-01", markdown }) as {
    readonly text: string;
  };
  expect(text.length).toBeLessThan(3200);
  expect(text).toMatch(/\nline \d+\n…```$/);
});
