// Exchanges that a direct connection and the router must show alike, to the client and to the upstream: every row is done both
// ways and compared. What the platform changes is named in its row, and nothing else may differ.
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { byName, exchange, type Exchanged, withoutMarks } from "./passing-exchange.ts";
import { REPLIES } from "./passing-replies.ts";
import { REQUESTS } from "./passing-requests.ts";
import { type PassingWorld, startPassingWorld } from "./passing-world.ts";
import type { Answer } from "./passing-upstream.ts";
import { HOST } from "./router-world.ts";

let world: PassingWorld;
beforeAll(async () => {
  world = await startPassingWorld();
});
afterAll(() => world.end());

describe.each([
  { what: "replies", rows: REPLIES },
  { what: "requests", rows: REQUESTS },
])("$what pass unchanged", ({ rows }) => {
  test.each(rows)("$name", async ({ ask = {}, answer = OK, shows = {}, differs }) => {
    const direct = await exchange(world.port("directly"), world.upstream, ask, answer);
    const routed = withoutMarks(await exchange(world.port("through the router"), world.upstream, ask, answer), HOST);
    expect(shortened(direct)).toMatchObject(shows);
    const body = differs?.body ?? direct.upstream.body;
    const upstream = { ...expectedArrival(direct.upstream, differs?.sends ?? []), body };
    // A difference that has gone is news too.
    if (differs !== undefined) expect(shortened(routed)).not.toEqual(shortened(direct));
    expect(shortened(routed)).toEqual(shortened({ ...direct, ...differs?.reply, upstream }));
  });
});

test("no row asked the other region", () => {
  expect(world.standby.arrivals).toEqual([]);
});

const OK: Answer = (_request, response) => response.writeHead(200, { "content-length": "2" }).end("ok");

/** The region is asked by its own name; the client's is in x-forwarded-host. */
function expectedArrival(direct: Exchanged["upstream"], more: Exchanged["headers"]): Exchanged["upstream"] {
  const same = direct.headers.filter(([name]) => !more.some(([other]) => other === name));
  const own = same.map(([name, value]) =>
    name === "host" ? ([name, `127.0.0.1:${world.upstream.port}`] as const) : ([name, value] as const),
  );
  return { ...direct, headers: byName([...own, ...more]) };
}

/** Long bodies as a digest, so that a difference can be read. */
function shortened(one: Exchanged): Exchanged {
  const short = (text: string): string =>
    text.length < 500 ? text : `${text.length} bytes, ${createHash("sha256").update(text, "latin1").digest("hex")}`;
  return { ...one, body: short(one.body), upstream: { ...one.upstream, body: short(one.upstream.body) } };
}
