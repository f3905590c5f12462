// The coordinator's half of the router over a real SQLite: drains outlive it, and every change has its entry.
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { sqlOf } from "../../monitor/node/store.ts";
import { EMPTY_STATE, parseState } from "../../monitor/run/state.ts";
import { RouterDesk } from "../../monitor/wire/router-desk.ts";
import { makeAuditShelf } from "../../monitor/wire/sql-audit.ts";
import { EXAMPLE } from "../support/example-topology.ts";

const ON = { ...EXAMPLE, router: { ...EXAMPLE.router, mode: "proxy" as const } };
const AWS = "aws-us-east-1";
const ORDER = { kind: "drain" as const, seconds: 60, reason: "new kernel" };

test("a drain survives, is told to the router, and ends by itself", () => {
  const sql = sqlOf(new DatabaseSync(":memory:"));
  const audit = makeAuditShelf(sql);
  const drain = { kind: "drain", since: 1000, until: 61_000 };
  expect(new RouterDesk(sql, audit).drain(ON, AWS, ORDER, 1000)).toEqual({ kind: "drained", drain });
  const again = new RouterDesk(sql, audit);
  expect(again.snapshot(ON, EMPTY_STATE, 60_999).drains).toEqual({ [AWS]: drain });
  expect(again.standing(ON, [], 60_999)?.drains).toEqual({ [AWS]: drain });
  expect(again.drains(61_000)).toEqual({});
  expect(again.endDrain(ON, AWS, 2000)).toEqual({ kind: "ended" });
  expect(again.endDrain(ON, AWS, 3000)).toEqual({ kind: "ended" });
  expect(new RouterDesk(sql, audit).drains(3000)).toEqual({});
  expect(audit.read().map(({ action, subject, detail }) => [action, subject, detail])).toEqual([
    ["drain.end", AWS, "a candidate again"],
    ["drain.end", AWS, "a candidate again"],
    ["drain.start", AWS, "drain until 1970-01-01T00:01:01.000Z: new kernel"],
  ]);
});

test("what is refused is neither kept nor noted", () => {
  const sql = sqlOf(new DatabaseSync(":memory:"));
  const audit = makeAuditShelf(sql);
  const desk = new RouterDesk(sql, audit);
  expect([desk.drain(EXAMPLE, AWS, ORDER, 0), desk.drain(ON, "north", ORDER, 0)]).toEqual([
    { kind: "router-off" },
    { kind: "unknown-region" },
  ]);
  expect([desk.drains(0), audit.read(), desk.standing(EXAMPLE, [], 0)]).toEqual([{}, [], null]);
});

test("how the router stands goes through the stored state unharmed", () => {
  const sql = sqlOf(new DatabaseSync(":memory:"));
  const desk = new RouterDesk(sql, makeAuditShelf(sql));
  desk.drain(ON, AWS, ORDER, 0);
  desk.exchange(
    ON,
    EMPTY_STATE,
    { isolate: "i", requests: 3, retries: 2, vain: 1, failedOpen: 1, suspects: [AWS], mismatches: { [AWS]: "mars-1" } },
    5,
  );
  const router = desk.standing(ON, [], 10);
  if (router === null) throw new Error("the router is on");
  expect(parseState(JSON.stringify({ ...EMPTY_STATE, router }))).toEqual({
    ok: true,
    value: { ...EMPTY_STATE, router },
  });
});
