// The face to which private vantages report, over a keeper in Node: its contract, what is there without a secret, and bodies that
// nobody would write.
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { makeApp } from "../../monitor/http/app.ts";
import { makeNodeStore } from "../../monitor/node/store.ts";
import { batchId } from "../../monitor/run/observation-batch.ts";
import { secretVariable } from "../../monitor/wire/vantage-secrets.ts";
import { watchFaces } from "../../monitor/watch/watch-faces.ts";
import { Keeper } from "../../monitor/wire/keeper.ts";
import { observationContract, type ObservationWorld } from "../contract/observations.ts";
import {
  batchAt,
  OFFICE,
  OFFICE_SECRET,
  OTHER_SECRET,
  signedBatch,
  signedText,
  withPrivate,
} from "../support/private-vantage.ts";

const SLOT = Date.UTC(2026, 10, 28, 12);
const NOW = SLOT + 1500;
const TOPOLOGY = withPrivate();
const SECRETS = { [secretVariable(OFFICE)]: OFFICE_SECRET };

function openApp(secrets: Readonly<Record<string, string>> = SECRETS, now = () => NOW) {
  const opened = makeNodeStore({ file: ":memory:" });
  if (opened.kind === "failed") throw new Error(opened.detail);
  const store = opened.value;
  onTestFinished(() => store.close());
  const clock = {
    now,
    monotonicMs: now,
    sleepUntil: () => Promise.resolve(),
    within: <T>(work: Promise<T>): Promise<T | null> => work,
  };
  const sender = { send: () => Promise.reject(new Error("nobody is told")) };
  const log = { note: () => {}, warn: () => {} };
  const keeper = new Keeper({ clock, store, sql: store.sql, checkers: null, sender, log });
  const watched = { topology: TOPOLOGY, reload: { takenAt: SLOT, refused: null } };
  return makeApp(watchFaces(keeper, () => watched, { token: null, secrets }, clock));
}

async function open(): Promise<ObservationWorld> {
  const app = openApp();
  const send: ObservationWorld["send"] = async ({ headers, body }) =>
    app.request("/v1/observations", { method: "POST", headers, body });
  return { topology: TOPOLOGY, now: NOW, slot: SLOT, send };
}

describe("in Node", () => {
  observationContract(open);
});

describe("who may report", () => {
  test("without any secret the path is not there", async () => {
    const { headers, body } = await signedBatch(batchAt(TOPOLOGY, SLOT), NOW);
    const reply = await openApp({}).request("/v1/observations", { method: "POST", headers, body });
    expect([reply.status, await reply.json()]).toMatchObject([404, { error: "nothing is at /v1/observations" }]);
  });

  test("a vantage whose own secret is not set, or is none, is told its name", async () => {
    for (const secrets of [{ VANTAGE_SECRET_ATTIC: OFFICE_SECRET }, { VANTAGE_SECRET_OFFICE: "secret" }]) {
      const { headers, body } = await signedBatch(batchAt(TOPOLOGY, SLOT), NOW);
      const reply = await openApp(secrets).request("/v1/observations", { method: "POST", headers, body });
      expect([reply.status, await reply.json()]).toEqual([
        403,
        { error: "VANTAGE_SECRET_OFFICE is not set at this monitor", refused: "no-secret" },
      ]);
    }
  });

  test("while a secret is changed the old one and the new one are good", async () => {
    const app = openApp({ VANTAGE_SECRET_OFFICE: `${OTHER_SECRET} ${OFFICE_SECRET}` });
    for (const [index, secret] of [OFFICE_SECRET, OTHER_SECRET].entries()) {
      const { headers, body } = await signedBatch(batchAt(TOPOLOGY, SLOT - index * 30_000), NOW, secret);
      expect((await app.request("/v1/observations", { method: "POST", headers, body })).status).toBe(202);
    }
  });

  test.each(["GET", "PUT", "DELETE"])("%s is 405", async (method) => {
    const reply = await openApp().request("/v1/observations", { method });
    expect([reply.status, reply.headers.get("allow")]).toEqual([405, "POST"]);
  });
});

describe("bodies that nobody would write", () => {
  const slots = fc.constantFrom(SLOT, SLOT - 30_000);
  test("signed ones too are refused with words and never an error of ours", async () => {
    const app = openApp();
    await fc.assert(
      fc.asyncProperty(slots, fc.oneof(fc.string({ unit: "binary" }), fc.json()), async (slot, text) => {
        const { headers, body } = await signedText(batchId(OFFICE, slot), text, NOW);
        const reply = await app.request("/v1/observations", { method: "POST", headers, body });
        expect(reply.status).toBe(400);
        expect(await reply.json()).toMatchObject({ refused: "malformed", problems: expect.any(Array) });
      }),
      { numRuns: 60 },
    );
  });

  test("nor does a good one with one value that is another break anything", async () => {
    const app = openApp(SECRETS);
    const good = JSON.parse((await signedBatch(batchAt(TOPOLOGY, SLOT), NOW)).body) as Record<string, unknown>;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(good)), fc.jsonValue(), async (key, value) => {
        const { headers, body } = await signedText(
          batchId(OFFICE, SLOT),
          JSON.stringify({ ...good, [key]: value }),
          NOW,
        );
        const { status } = await app.request("/v1/observations", { method: "POST", headers, body });
        expect([200, 202, 400, 409, 422, 429]).toContain(status);
      }),
      { numRuns: 80 },
    );
  });
});
