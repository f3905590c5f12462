// The meters' keeper over a real SQLite: what it counted outlives it, and what it could not keep it does not show.
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { sqlOf } from "../../monitor/node/store.ts";
import { NO_METERS } from "../../monitor/report/meters.ts";
import type { MeteredRound } from "../../monitor/run/meter-round.ts";
import { EMPTY_STATE } from "../../monitor/run/state.ts";
import { MeterDesk } from "../../monitor/wire/meter-desk.ts";
import type { Sql } from "../../monitor/wire/sql-store.ts";
import { AWS, EXAMPLE } from "../support/example-topology.ts";
import { dnsLook, goodLook } from "../support/looks.ts";

const never = (line: string): never => {
  throw new Error(line);
};

const ROUND: MeteredRound = {
  slot: 0,
  beganAt: 12,
  at: 500,
  state: EMPTY_STATE,
  outcomes: [
    {
      kind: "reported",
      report: {
        vantage: "enam",
        colo: "IAD",
        observations: [goodLook(AWS, "enam", 0)],
        dns: [dnsLook("enam", "recursive", 0, AWS.endpoint.addresses)],
      },
    },
  ],
};

test("meters outlive their keeper, and go on where they were", () => {
  const sql = sqlOf(new DatabaseSync(":memory:"));
  expect(new MeterDesk(sql, never).read()).toEqual(NO_METERS);
  new MeterDesk(sql, never).count(EXAMPLE, ROUND);
  const again = new MeterDesk(sql, never);
  again.count(EXAMPLE, ROUND);
  expect(new MeterDesk(sql, never).read()).toEqual(again.read());
  expect(again.read().led).toEqual({ [AWS.id]: { enam: 2 }, "gcp-europe-west1": { enam: 0 } });
});

test("a round that could not be kept is not shown, or a restart would make a counter fall", () => {
  const real = sqlOf(new DatabaseSync(":memory:"));
  let full = false;
  const sql: Sql = {
    ...real,
    all: (statement, ...values) => {
      if (full && statement.startsWith("INSERT")) throw new Error("disk full");
      return real.all(statement, ...values);
    },
  };
  const desk = new MeterDesk(sql, never);
  desk.count(EXAMPLE, ROUND);
  const before = desk.read();
  full = true;
  expect(() => desk.count(EXAMPLE, ROUND)).toThrow("disk full");
  expect(desk.read()).toEqual(before);
});

test("meters that cannot be read begin anew, and the log says where", () => {
  const sql = sqlOf(new DatabaseSync(":memory:"));
  new MeterDesk(sql, never).count(EXAMPLE, ROUND);
  sql.all("UPDATE meters SET json = '{\"version\":9}'");
  const lines: string[] = [];
  expect(new MeterDesk(sql, (line) => lines.push(line)).read()).toEqual(NO_METERS);
  expect(lines).toEqual([expect.stringMatching(/^stored meters given up: version /)]);
});
