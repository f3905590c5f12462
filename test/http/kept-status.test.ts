import { expect, test } from "vitest";
import { KEPT_MS_MAX, keepStatus } from "../../monitor/http/kept-status.ts";

/** An answer that counts, and the clock that it is asked by. */
function makeScene() {
  const scene = { now: 1_000_000, reads: 0, status: 200 };
  const answer = (request: Request): Response => {
    scene.reads += 1;
    const headers = { "x-frame-options": "DENY", "content-type": "application/json" };
    return new Response(`${request.method} ${scene.reads}`, { status: scene.status, headers });
  };
  const keep = keepStatus(answer, () => scene.now);
  const ask = async (path = "/status", method = "GET"): Promise<Response> =>
    keep(new Request(`https://monitor.example.com${path}`, { method }));
  return { scene, ask };
}

test.each([
  { name: "at once", laterMs: 0, reads: 1 },
  { name: "just before it is over", laterMs: KEPT_MS_MAX - 1, reads: 1 },
  { name: "when it is over", laterMs: KEPT_MS_MAX, reads: 2 },
  { name: "when the clock was set back", laterMs: -1, reads: 2 },
])("a second reader $name makes for $reads reading(s) in all", async ({ laterMs, reads }) => {
  const { scene, ask } = makeScene();
  await ask();
  scene.now += laterMs;
  expect(await (await ask()).text()).toBe(`GET ${reads}`);
  expect(scene.reads).toBe(reads);
});

test("what is kept has the headers of the first answer", async () => {
  const { ask } = makeScene();
  const [first, second] = [await ask(), await ask()];
  expect([...second.headers]).toEqual([...first.headers]);
  expect(second.headers.get("x-frame-options")).toBe("DENY");
});

test.each(["/", "/metrics", "/status?x=1", "/x/status", "/status/"])("%s is never kept", async (path) => {
  const { scene, ask } = makeScene();
  await ask();
  await ask(path);
  await ask(path);
  expect(scene.reads).toBe(3);
});

test("another method than GET is never kept, nor given what GET got", async () => {
  const { ask } = makeScene();
  await ask();
  expect(await (await ask("/status", "POST")).text()).toBe("POST 2");
});

test("a failure is not kept", async () => {
  const { scene, ask } = makeScene();
  scene.status = 503;
  expect((await ask()).status).toBe(503);
  scene.status = 200;
  expect(await (await ask()).text()).toBe("GET 2");
});
