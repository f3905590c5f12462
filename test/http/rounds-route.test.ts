import { describe, expect, test } from "vitest";
import { makeApp } from "../../monitor/http/app.ts";
import { OPENAPI } from "../../monitor/http/openapi.ts";
import type { RoundsWish } from "../../monitor/run/rounds-page.ts";
import { EXAMPLE } from "../support/example-topology.ts";
import { noRounds } from "../contract/no-rounds.ts";

const notAsked = (): Promise<never> => Promise.reject(new Error("not asked"));
let asked: RoundsWish[] = [];
const faces = {
  topologyProblems: [],
  readStatus: notAsked,
  readSelf: notAsked,
  readRounds: (wish: RoundsWish) => {
    asked.push(wish);
    return Promise.resolve(noRounds(EXAMPLE));
  },
  reports: { readRecent: notAsked, readBuckets: notAsked, readDays: notAsked, readDay: notAsked },
};
const app = makeApp(faces);
const NOON = Date.UTC(2026, 10, 22, 12);

describe("the window of /rounds", () => {
  test.each([
    { query: "", want: { from: null, to: null } },
    { query: "?from=2026-11-22T12:00:00Z", want: { from: NOON, to: null } },
    { query: "?from=2026-11-22T12:00:00.000Z&to=2026-11-22T12:00:00Z", want: { from: NOON, to: NOON } },
    { query: "?to=2026-11-22T13:00:00%2B01:00", want: { from: null, to: NOON } },
  ])('of "$query" is what is asked for', async ({ query, want }) => {
    asked = [];
    const reply = await app.request(`/rounds${query}`);
    expect([reply.status, await reply.json()]).toEqual([200, noRounds(EXAMPLE)]);
    expect(asked).toEqual([want]);
  });

  test.each([
    { query: "?from=yesterday", words: "expected instants such as" },
    { query: "?from=0", words: "expected instants such as" },
    { query: "?to=", words: "expected instants such as" },
    { query: "?from=1969-12-31T00:00:00Z", words: "expected instants such as" },
    { query: "?from=2026-11-22T12:00:01Z&to=2026-11-22T12:00:00Z", words: "the earlier one first" },
    { query: "?from=2026-11-14T12:00:00Z&to=2026-11-22T12:00:00Z", words: "at most 7 days" },
    { query: "?limit=5", words: "expected from and to at most" },
  ])('of "$query" is refused: $words', async ({ query, words }) => {
    asked = [];
    const reply = await app.request(`/rounds${query}`);
    expect(reply.status).toBe(400);
    expect(JSON.stringify(await reply.json())).toContain(words);
    expect(asked).toEqual([]);
  });
});

test("/rounds of a broken topology is 503", async () => {
  const broken = makeApp({ ...faces, topologyProblems: [{ message: "expected a list" }] });
  expect((await broken.request("/rounds")).status).toBe(503);
});

test("the document says of /rounds what it takes and gives", () => {
  const { get } = OPENAPI.paths["/rounds"];
  expect(get.parameters).toMatchObject([{ name: "from" }, { name: "to" }]);
  expect(OPENAPI.components.schemas.Rounds).toMatchObject({ properties: { rounds: { maxItems: 500 } } });
});
