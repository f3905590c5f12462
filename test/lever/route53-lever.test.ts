// The pin on a health check before an account that counts versions as AWS does; its endings before one that does not.
import { Route53Client } from "@aws-sdk/client-route-53";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { LeverWish } from "../../monitor/drill/lever-wish.ts";
import type { Lever } from "../../monitor/lever/lever.ts";
import { type LeverScene, makeLever } from "../../monitor/lever/make-lever.ts";
import { makeReach } from "../../monitor/lever/reach.ts";
import { makeAwsCaller } from "../../monitor/node/aws-call.ts";
import { pulled } from "../support/example-snapshot.ts";
import { AWS, EXAMPLE, GCP } from "../support/example-topology.ts";
import {
  type AccountCheck,
  type AccountRecord,
  makeCheck,
  type Route53Account,
  startRoute53Account,
} from "../support/route53-account.ts";
import { errorXml } from "../support/route53-server.ts";
import { makeVirtualClock } from "../support/virtual-clock.ts";
import { undoIn } from "./clusters.ts";

const WISH: LeverWish = { lever: "route53-health-check", region: AWS.id };
const NAME = "demo.multicloud.example.com.";
const WARNING =
  "Route 53 does not look at the region while its check is disabled: this shows what DNS does, not that anybody notices";
const BY_HAND = [
  "aws route53 get-health-check --health-check-id check-aws   # HealthCheckVersion 8 is the drill's own",
  "aws route53 update-health-check --health-check-id check-aws --no-disabled --no-inverted",
];

let account: Route53Account;
let lever: Lever;
let leverIn: (scene: Partial<LeverScene>) => Lever;
beforeEach(async () => {
  account = await startRoute53Account();
  account.zones.set("Z1", {
    name: "multicloud.example.com.",
    records: [
      { name: NAME, setIdentifier: AWS.id, checkId: "check-aws" },
      { name: NAME, setIdentifier: GCP.id, checkId: "check-gcp" },
    ],
  });
  account.checks.set("check-aws", makeCheck());
  account.checks.set("check-gcp", makeCheck());
  const client = new Route53Client({
    endpoint: account.server.url,
    region: "us-east-1",
    maxAttempts: 1,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "not-a-secret" },
  });
  const clock = makeVirtualClock(Date.UTC(2026, 10, 28, 12));
  const caller = makeAwsCaller({ clock, random: () => 0.5, tell: () => {} });
  const reach = { ...makeReach({}), openRoute53: async () => ({ client, caller }) };
  leverIn = (scene) => makeLever(WISH, { topology: EXAMPLE, worldPort: null, ...scene }, reach);
  lever = leverIn({});
  onTestFinished(async () => {
    client.destroy();
    await account.server.close();
  });
});

function check(): AccountCheck {
  return account.checks.get("check-aws") ?? makeCheck();
}

function set(part: Partial<AccountCheck>): void {
  account.checks.set("check-aws", { ...check(), ...part });
}

function writes(): readonly string[] {
  return account.server.asked.filter((line) => line.startsWith("POST"));
}

describe("the pin on a health check", () => {
  test("is planned without a change, by a write for a version that is not there", async () => {
    expect(await lever.plan()).toMatchObject({
      kind: "ready",
      steps: [
        `set Disabled and Inverted on the health check check-aws (version 7): Route 53 takes ${AWS.id} for unhealthy, whatever it is`,
      ],
      warnings: [WARNING],
      undo: { healthCheckId: "check-aws", version: 7 },
      expiresBy: null,
    });
    expect(check()).toEqual(makeCheck());
    expect(writes()).toHaveLength(1);
  });

  test("is set and taken away, as often as asked, and nothing else is", async () => {
    const undo = undoIn(await lever.plan());
    expect(await lever.verify(undo)).toEqual({ kind: "restored" });
    for (let times = 0; times < 2; times += 1) {
      expect(await lever.apply(undo)).toMatchObject({ kind: "done" });
      expect(check()).toEqual(makeCheck({ disabled: true, inverted: true, version: 8 }));
      expect(await lever.verify(undo)).toEqual({ kind: "applied" });
    }
    for (let times = 0; times < 2; times += 1) {
      expect(await lever.rollback(undo)).toMatchObject({ kind: "done" });
      expect(check()).toEqual(makeCheck({ version: 9 }));
      expect(await lever.verify(undo)).toEqual({ kind: "restored" });
    }
    expect(account.checks.get("check-gcp")).toEqual(makeCheck());
  });

  test("is not set on a check that has changed since the plan", async () => {
    const undo = undoIn(await lever.plan());
    set({ version: 8, failureThreshold: 5 });
    expect(await lever.apply(undo)).toEqual({
      kind: "failed",
      cause: "moved",
      detail: `the health check check-aws of ${AWS.id} is at version 8 now, and was planned for at 7`,
      byHand: [],
    });
    expect(check()).toMatchObject({ disabled: false, version: 8 });
    expect(await lever.rollback(undo)).toMatchObject({ kind: "done" });
  });

  test("is left where somebody else has written since, and the way by hand is told", async () => {
    const undo = undoIn(await lever.plan());
    await lever.apply(undo);
    set({ version: 9 });
    expect(await lever.rollback(undo)).toEqual({
      kind: "failed",
      cause: "moved",
      detail: `the health check check-aws of ${AWS.id} is at version 9, and this drill left it at 8: somebody else changed it since`,
      byHand: BY_HAND,
    });
    expect(check()).toMatchObject({ disabled: true, inverted: true });
  });

  test.each([
    ["disabled", { disabled: true, inverted: false }],
    ["inverted", { disabled: false, inverted: true }],
  ])("is left where somebody made it %s alone", async (word, part) => {
    const undo = undoIn(await lever.plan());
    await lever.apply(undo);
    set({ ...part, version: 9 });
    expect(await lever.rollback(undo)).toMatchObject({
      cause: "moved",
      detail: `the health check check-aws of ${AWS.id} is ${word} alone, which this drill did not do`,
    });
  });

  test("has nothing to take away where somebody did it already", async () => {
    const undo = undoIn(await lever.plan());
    await lever.apply(undo);
    set({ disabled: false, inverted: false, version: 12 });
    expect(await lever.rollback(undo)).toMatchObject({ kind: "done" });
    expect(check().version).toBe(12);
  });

  test("is refused by Route 53 where somebody writes at the same moment, and nothing is overwritten", async () => {
    const undo = undoIn(await lever.plan());
    account.beforeWrite = () => set({ version: check().version + 1 });
    expect(await lever.apply(undo)).toMatchObject({
      kind: "failed",
      cause: "moved",
      detail: expect.stringMatching(/at version 8 now, and was planned for at 7|HealthCheckVersionMismatch/),
    });
    expect(check().disabled).toBe(false);
  });

  test("is known to be done where only the answer was lost", async () => {
    const undo = undoIn(await lever.plan());
    let lost = 0;
    account.instead = (line) => {
      if (!line.startsWith("POST") || (lost += 1) > 1) return null;
      set({ disabled: true, inverted: true, version: 8 });
      return errorXml("InternalError", "We failed", 500);
    };
    expect(await lever.apply(undo)).toMatchObject({ kind: "done" });
    expect(check()).toEqual(makeCheck({ disabled: true, inverted: true, version: 8 }));
  });

  test("stays to be taken away while the API is down", async () => {
    const undo = undoIn(await lever.plan());
    await lever.apply(undo);
    account.instead = () => errorXml("ServiceUnavailable", "later", 503);
    expect(await lever.rollback(undo)).toMatchObject({ kind: "failed", cause: "unavailable", byHand: BY_HAND });
    expect(await lever.verify(undo)).toMatchObject({ kind: "other" });
    account.instead = () => null;
    expect(await lever.rollback(undo)).toMatchObject({ kind: "done" });
  });

  test("is not taken for gone where these credentials do not see the check", async () => {
    const undo = undoIn(await lever.plan());
    await lever.apply(undo);
    account.instead = () => errorXml("NoSuchHealthCheck", "No health check exists with the specified ID.", 404);
    expect(await lever.rollback(undo)).toMatchObject({ kind: "failed", cause: "refused", byHand: BY_HAND });
  });
});

describe("a server that empties what a write leaves out", () => {
  test("is sent the lists, so that they stay", async () => {
    account.manner = "wipes";
    const plan = await lever.plan();
    expect(plan).toMatchObject({
      warnings: [WARNING, "this server does not look at HealthCheckVersion, so it is not AWS's"],
    });
    const undo = undoIn(plan);
    expect(await lever.apply(undo)).toMatchObject({ kind: "done" });
    expect(await lever.rollback(undo)).toMatchObject({ kind: "done" });
    expect(check()).toEqual(makeCheck());
  });

  test("is caught where it changes anything else all the same", async () => {
    const undo = undoIn(await lever.plan());
    await lever.apply(undo);
    account.beforeWrite = () => set({ failureThreshold: 9 });
    expect(await lever.rollback(undo)).toMatchObject({
      kind: "failed",
      detail: `the health check check-aws of ${AWS.id} is as before, with another FailureThreshold than before`,
    });
    expect(await lever.verify(undo)).toMatchObject({
      detail: `the health check check-aws of ${AWS.id} has another FailureThreshold than before`,
    });
  });
});

describe("a plan is refused", () => {
  const records = (...more: readonly AccountRecord[]): void => {
    const zone = account.zones.get("Z1");
    if (zone !== undefined) zone.records = [...zone.records, ...more];
  };

  test.each([
    [
      "for a check of an AWS service",
      () => set({ linked: "servicediscovery.amazonaws.com" }),
      "check-aws belongs to servicediscovery.amazonaws.com, which alone changes it",
    ],
    ["for a disabled check", () => set({ disabled: true }), "check-aws is disabled already: left by a drill?"],
    ["for an inverted check", () => set({ inverted: true }), "check-aws is inverted already: left by a drill?"],
    [
      "where another record uses the check",
      () => records({ name: "other.multicloud.example.com.", checkId: "check-aws" }),
      "the health check check-aws is also used by A other.multicloud.example.com., which the drill would hit too",
    ],
    [
      "where both regions use the check",
      () => {
        const zone = account.zones.get("Z1");
        if (zone !== undefined) zone.records = zone.records.map((record) => ({ ...record, checkId: "check-aws" }));
      },
      `the health check check-aws is also used by A ${NAME} (${GCP.id}), which the drill would hit too`,
    ],
    [
      "where a record of another zone uses the check",
      () =>
        account.zones.set("Z2", {
          name: "other.example.",
          records: [{ name: "www.other.example.", checkId: "check-aws" }],
        }),
      "the health check check-aws is also used by A www.other.example., which the drill would hit too",
    ],
    [
      "where a calculated check counts it",
      () => account.checks.set("parent", makeCheck({ children: ["check-aws"] })),
      "the health check check-aws is also used by the calculated check parent, which the drill would hit too",
    ],
    [
      "where the region's records have no check",
      () => {
        const zone = account.zones.get("Z1");
        if (zone !== undefined) zone.records = zone.records.filter(({ setIdentifier }) => setIdentifier !== AWS.id);
      },
      `no record of ${AWS.id} in multicloud.example.com. has a health check`,
    ],
    [
      "where the region's records have several",
      () => records({ name: NAME, setIdentifier: `${AWS.id}/EU`, checkId: "check-more" }),
      `the records of ${AWS.id} have several health checks: check-aws, check-more`,
    ],
  ])("%s", async (_, spoil, sentence) => {
    spoil();
    expect(await lever.plan()).toEqual({ kind: "refused", why: [sentence] });
  });

  test("without the right to write, in the API's words", async () => {
    account.instead = (line) =>
      line.startsWith("POST")
        ? errorXml("AccessDenied", "not authorized to perform: route53:UpdateHealthCheck", 403)
        : null;
    expect(await lever.plan()).toMatchObject({
      why: [expect.stringContaining("not authorized to perform: route53:UpdateHealthCheck")],
    });
  });

  test("without the right to read, in the API's words", async () => {
    account.instead = () => errorXml("AccessDenied", "not authorized", 403);
    expect(await lever.plan()).toMatchObject({ why: [expect.stringContaining("AccessDenied: not authorized")] });
  });
});

describe("of several hosted zones of one name", () => {
  const RECORDS = [{ name: NAME, setIdentifier: AWS.id, checkId: "check-gcp" }];
  const TWIN = { name: "multicloud.example.com.", records: RECORDS };

  test("none is guessed", async () => {
    account.zones.set("Z2", { ...TWIN, records: [] });
    expect(await lever.plan()).toEqual({
      kind: "refused",
      why: ["expected one public hosted zone multicloud.example.com, found Z1, Z2: choose by --zone-id"],
    });
  });

  test("the private one is no candidate", async () => {
    account.zones.set("Z0", { ...TWIN, records: [], isPrivate: true });
    expect(await lever.plan()).toMatchObject({ undo: { healthCheckId: "check-aws" } });
  });

  test("the one with the id is taken", async () => {
    const [, gcp = { name: NAME }] = account.zones.get("Z1")?.records ?? [];
    account.zones.set("Z1", { ...TWIN, records: [{ ...gcp, checkId: "check-aws" }] });
    account.zones.set("Z2", TWIN);
    expect(await leverIn({ zoneId: "Z2" }).plan()).toMatchObject({ undo: { healthCheckId: "check-gcp" } });
  });

  test("the one that was pulled is taken, and in it the check that looks at the region", async () => {
    const twin = { name: NAME, setIdentifier: "1" };
    account.zones.set("Z0123456789EXAMPLE", { ...TWIN, records: [{ ...twin, checkId: "hc-aws" }] });
    account.checks.set("hc-aws", makeCheck());
    expect(await leverIn({ topology: pulled() }).plan()).toMatchObject({ undo: { healthCheckId: "hc-aws" } });
  });

  test.each([
    [
      "a private one by its id",
      { ...TWIN, isPrivate: true },
      "the hosted zone Z2 is private: nobody outside its VPCs is answered by it, and so nothing of it would be seen",
    ],
    [
      "one of another name",
      { ...TWIN, name: "other.example." },
      "the hosted zone Z2 is other.example, and the topology's is multicloud.example.com",
    ],
  ])("%s is refused", async (_, zone, sentence) => {
    account.zones.set("Z2", zone);
    expect(await leverIn({ zoneId: "Z2" }).plan()).toEqual({ kind: "refused", why: [sentence] });
  });
});

test("what the plan could not look at is told", async () => {
  account.instead = (line) =>
    /^GET \/2013-04-01\/(hostedzone|healthcheck)(\?|$)/.test(line) ? errorXml("AccessDenied", "no", 403) : null;
  expect(await lever.plan()).toMatchObject({
    kind: "ready",
    warnings: [
      WARNING,
      expect.stringMatching(/^whether other hosted zones use the check is not known: ListHostedZones .*AccessDenied/),
      expect.stringMatching(/^whether calculated checks use the check is not known: ListHealthChecks .*AccessDenied/),
    ],
  });
});
