import { describe, expect, test } from "vitest";
import { makeStatus } from "../../../monitor/report/status.ts";
import type { StatusReport } from "../../../monitor/report/status-schema.ts";
import { makeStatuspage, STATUSPAGE_NAMES } from "../../../monitor/report/statuspage.ts";
import { STATUSPAGE_SCHEMAS } from "../../../monitor/report/statuspage-schema.ts";
import { EMPTY_STATE } from "../../../monitor/run/state.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";
import { RICH } from "./rich-status.ts";
import { RECORDED } from "./statuspage-recorded.ts";

const ORIGIN = "https://probe.example.com";
const OPENED = "2026-11-28T12:00:00.000Z";
const CLOSED = "2026-11-28T12:03:20.000Z";
const incident = (more: Partial<StatusReport["incidents"][number]>): StatusReport["incidents"][number] => ({
  id: `${OPENED} region:${AWS.id}`,
  subject: `region:${AWS.id}`,
  openedAt: OPENED,
  reason: "does not serve users",
  ...more,
});
const incidentsOf = (...incidents: StatusReport["incidents"]) =>
  makeStatuspage("incidents", { ...RICH, incidents }, ORIGIN).incidents;

describe("the shapes", () => {
  test("are those that real pages have: nothing more, nothing less", () => {
    const { page, components, incidents, scheduled_maintenances, status } = RECORDED;
    const recorded = {
      summary: RECORDED,
      status: { page, status },
      components: { page, components },
      incidents: { page, incidents },
      "incidents/unresolved": { page, incidents },
      "scheduled-maintenances": { page, scheduled_maintenances },
      "scheduled-maintenances/upcoming": { page, scheduled_maintenances },
      "scheduled-maintenances/active": { page, scheduled_maintenances },
    };
    for (const name of STATUSPAGE_NAMES)
      expect([name, STATUSPAGE_SCHEMAS[name].safeParse(recorded[name]).error?.issues]).toEqual([name, undefined]);
  });

  test.each(["start_date", "only_show_if_degraded", "page_id"])("without %s a component is refused", (field) => {
    const component = Object.fromEntries(Object.entries(RECORDED.components[0] ?? {}).filter(([key]) => key !== field));
    expect(STATUSPAGE_SCHEMAS.summary.safeParse({ ...RECORDED, components: [component] }).success).toBe(false);
  });

  const closed = incident({ id: "c", closedAt: CLOSED });
  const states: readonly (readonly [string, StatusReport])[] = [
    ["with something of everything", { ...RICH, incidents: [...RICH.incidents, closed] }],
    ["before the first round", makeStatus(EXAMPLE, EMPTY_STATE, 0)],
  ];
  test.each(states.flatMap(([when, report]) => STATUSPAGE_NAMES.map((name) => ({ name, when, report }))))(
    "$name.json $when has them",
    ({ name, report }) => {
      const made = makeStatuspage(name, report, ORIGIN);
      expect(STATUSPAGE_SCHEMAS[name].safeParse(made).error?.issues).toBeUndefined();
    },
  );

  test("fields stand in the order in which real pages give them", () => {
    const made = makeStatuspage("summary", { ...RICH, incidents: [incident({})] }, ORIGIN);
    expect(Object.keys(made)).toEqual(Object.keys(RECORDED));
    expect(Object.keys(made.components[0] ?? {})).toEqual(Object.keys(RECORDED.components[0] ?? {}));
    expect(Object.keys(made.incidents[0] ?? {})).toEqual(Object.keys(RECORDED.incidents[0] ?? {}));
  });
});

describe("ids", () => {
  test("are made of names alone: a report of another time has the same ones", () => {
    const later = { ...RICH, generatedAt: "2027-01-01T00:00:00.000Z", incidents: [incident({ closedAt: CLOSED })] };
    const [before, after] = [{ ...RICH, incidents: [incident({})] }, later].map((report) =>
      makeStatuspage("summary", report, ORIGIN),
    );
    expect(after?.page.id).toBe(before?.page.id);
    expect(after?.components.map(({ id }) => id)).toEqual(before?.components.map(({ id }) => id));
    expect(incidentsOf(incident({ closedAt: CLOSED }))[0]?.id).toBe(incidentsOf(incident({}))[0]?.id);
  });

  test("are the same in every version: aggregators keep them", () => {
    const { page, components } = makeStatuspage("components", RICH, ORIGIN);
    expect([page.id, ...components.map(({ id }) => id)]).toMatchInlineSnapshot(`
      [
        "db0840f9d57c",
        "9fca37bc6817",
        "413700e17675",
        "272060c782dc",
      ]
    `);
    expect(incidentsOf(incident({}))[0]?.id).toMatchInlineSnapshot(`"deab8610f54e"`);
  });

  test("differ, and so do those of the two updates of an incident", () => {
    const made = makeStatuspage("summary", { ...RICH, incidents: [incident({})] }, ORIGIN);
    const [row] = incidentsOf(incident({ closedAt: CLOSED }));
    const ids = [made.page, ...made.components, row, ...(row?.incident_updates ?? [])].map((one) => one?.id);
    expect(ids.length).toBe(7);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("incidents", () => {
  test("an open one is being looked into, and hurts its region", () => {
    expect(incidentsOf(incident({}))).toMatchObject([
      {
        name: `Region ${AWS.id} does not serve users`,
        status: "investigating",
        impact: "major",
        resolved_at: null,
        started_at: OPENED,
        components: [{ name: AWS.id }],
        incident_updates: [{ status: "investigating", body: "does not serve users.", display_at: OPENED }],
      },
    ]);
  });

  test("a closed one is resolved, with its length, the latest update first", () => {
    expect(incidentsOf(incident({ closedAt: CLOSED }))).toMatchObject([
      {
        status: "resolved",
        resolved_at: CLOSED,
        updated_at: CLOSED,
        incident_updates: [
          {
            status: "resolved",
            body: "Over after 3 m 20 s.",
            affected_components: [{ old_status: "major_outage", new_status: "operational" }],
          },
          { status: "investigating", affected_components: [{ old_status: "operational", new_status: "major_outage" }] },
        ],
      },
    ]);
  });

  test("one that a drill meant to cause is identified, and nobody is told", () => {
    expect(incidentsOf(incident({ causedBy: "quarterly" }))).toMatchObject([
      {
        status: "identified",
        incident_updates: [
          {
            status: "identified",
            body: "does not serve users. Planned: drill quarterly.",
            deliver_notifications: false,
          },
        ],
      },
    ]);
  });

  test.each([
    ["region:gone", "Region gone does not serve users", []],
    [`claim:${GCP.id}`, `Region ${GCP.id} is served by another one`, [GCP.id]],
    [
      "dns:demo.example.com:weur:authoritative:AAAA",
      "DNS does not answer as the policy says (weur, authoritative)",
      ["DNS"],
    ],
    ["failover", "DNS does not send users where the policy says", ["DNS"]],
    ["drill:quarterly", "The drill quarterly has outlived its expiry", []],
    ["something:new", "something:new is not as it should be", []],
  ])("%s is told as: %s", (subject, name, components) => {
    const [row] = incidentsOf(incident({ subject }));
    expect(row?.name).toBe(name);
    expect(row?.components.map((one) => one.name)).toEqual(components);
  });

  test("the latest stands first; of too many the open ones stay", () => {
    const closed = Array.from({ length: 60 }, (_, index) =>
      incident({
        id: `c${index}`,
        openedAt: `2026-11-28T13:${String(59 - index).padStart(2, "0")}:00.000Z`,
        closedAt: CLOSED,
      }),
    );
    const rows = incidentsOf(incident({ id: "open" }), ...closed);
    expect(rows.length).toBe(50);
    expect(rows.at(-1)).toMatchObject({ status: "investigating", created_at: OPENED });
    expect(rows.map((row) => row.created_at)).toEqual(
      rows
        .map((row) => row.created_at)
        .toSorted()
        .toReversed(),
    );
  });

  test("only open ones are unresolved, and only those are in the summary", () => {
    const report = { ...RICH, incidents: [incident({ id: "a" }), incident({ id: "b", closedAt: CLOSED })] };
    expect(makeStatuspage("incidents", report, ORIGIN).incidents.length).toBe(2);
    expect(makeStatuspage("incidents/unresolved", report, ORIGIN).incidents.length).toBe(1);
    expect(makeStatuspage("summary", report, ORIGIN).incidents.length).toBe(1);
  });
});

describe("maintenance", () => {
  const window = {
    id: "m1",
    title: "new kernel",
    state: "active" as const,
    regions: [AWS.id],
    from: OPENED,
    until: CLOSED,
    recurring: false,
  };
  const ahead = {
    ...window,
    id: "weekly",
    state: "upcoming" as const,
    from: CLOSED,
    until: "2026-11-28T13:00:00.000Z",
  };
  const report = { ...RICH, maintenance: [window, ahead] };
  const namesOf = (
    name: "scheduled-maintenances" | "scheduled-maintenances/upcoming" | "scheduled-maintenances/active",
  ) => makeStatuspage(name, report, ORIGIN).scheduled_maintenances.map(({ status }) => status);

  test.each(STATUSPAGE_NAMES)("has the shape that real pages give it in %s.json", (name) => {
    expect(STATUSPAGE_SCHEMAS[name].safeParse(makeStatuspage(name, report, ORIGIN)).error?.issues).toBeUndefined();
  });

  test("is told with its times and components", () => {
    expect(makeStatuspage("summary", report, ORIGIN).scheduled_maintenances[0]).toMatchObject({
      name: "new kernel",
      status: "in_progress",
      impact: "maintenance",
      scheduled_for: OPENED,
      scheduled_until: CLOSED,
      shortlink: `${ORIGIN}/#maintenance`,
      components: [{ name: AWS.id }],
      incident_updates: [{ status: "in_progress", affected_components: [{ new_status: "under_maintenance" }] }],
    });
  });

  test("is told apart by whether it has begun", () => {
    expect(namesOf("scheduled-maintenances")).toEqual(["in_progress", "scheduled"]);
    expect(namesOf("scheduled-maintenances/upcoming")).toEqual(["scheduled"]);
    expect(namesOf("scheduled-maintenances/active")).toEqual(["in_progress"]);
  });

  test("that comes every week has an id of its own each time, which stays when it begins", () => {
    const idsOf = (...maintenance: StatusReport["maintenance"]) =>
      makeStatuspage("scheduled-maintenances", { ...RICH, maintenance }, ORIGIN).scheduled_maintenances.map(
        ({ id }) => id,
      );
    const [first, second] = idsOf(window, { ...window, from: CLOSED });
    expect(first).not.toBe(second);
    expect(idsOf({ ...window, state: "upcoming" })).toEqual([first]);
  });
});

test("between two rounds the text stays the same, so that its tag does", () => {
  const later = { ...RICH, generatedAt: "2027-01-01T00:00:00.000Z" };
  expect(makeStatuspage("summary", later, ORIGIN)).toEqual(makeStatuspage("summary", RICH, ORIGIN));
});
