import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Child, endChild, isRunning, startChild } from "../../monitor/local/child.ts";
import { giveOrder } from "../../monitor/local/orders.ts";
import { until } from "../support/until.ts";

const ENTRY = fileURLToPath(new URL("./order-child.ts", import.meta.url));
const WAIT_MS = 5000;

function start(nodeArguments: readonly string[] = ["--no-warnings", ENTRY]): Child {
  const child = startChild({ name: "the child", nodeArguments, env: process.env, processGroup: "ours" });
  onTestFinished(async () => {
    child.kill();
    await child.ended;
  });
  return child;
}

describe("an order", () => {
  test("is obeyed by its number, whatever comes in between", async () => {
    const child = start();
    const echo = (argument: unknown) => giveOrder(child.process, { name: "echo", argument, timeoutMs: WAIT_MS });
    const hang = giveOrder(child.process, { name: "hang", timeoutMs: 100 });
    const lost = hang.catch((error: unknown) => String(error));
    expect(await Promise.all([echo(1), echo({ a: ["b"] }), echo(null)])).toEqual([1, { a: ["b"] }, null]);
    expect(await lost).toContain('no reply to "hang" in 100 ms');
  });

  test.each([
    { name: "fail", says: "it does not work" },
    { name: "nonsense", says: "no such order: nonsense" },
    { name: "die", says: "it ended" },
  ])("$name rejects: $says", async ({ name, says }) => {
    const child = start();
    await expect(giveOrder(child.process, { name, timeoutMs: WAIT_MS })).rejects.toThrow(says);
  });

  test("to a child that has ended rejects at once", async () => {
    const child = start(["-e", ""]);
    await child.ended;
    await expect(giveOrder(child.process, { name: "echo", timeoutMs: WAIT_MS })).rejects.toThrow("it ended");
  });

  test("leaves no listener on the child", async () => {
    const child = start();
    const listeners = () => child.process.listenerCount("message") + child.process.listenerCount("disconnect");
    const before = listeners();
    await giveOrder(child.process, { name: "echo", timeoutMs: WAIT_MS });
    await giveOrder(child.process, { name: "fail", timeoutMs: WAIT_MS }).catch(() => {});
    expect(listeners()).toBe(before);
  });
});

describe("a child", () => {
  test("that ends tells how, with its last lines", async () => {
    const child = start();
    void giveOrder(child.process, { name: "die", timeoutMs: WAIT_MS }).catch(() => {});
    expect(await child.ended).toEqual({
      name: "the child",
      how: "exit code 7",
      lastLines: ["one line", "another line"],
    });
    expect(isRunning(child.process)).toBe(false);
  });

  test("keeps a bounded number of last lines", async () => {
    const child = start(["-e", "for (let n = 0; n < 5000; n += 1) console.error(`line ${n} ${'x'.repeat(100)}`)"]);
    const { lastLines } = await child.ended;
    expect(lastLines.length).toBe(12);
    expect(lastLines.at(-1)).toMatch(/^line 4999 /);
  });

  test("that was asked to end and does is not killed", async () => {
    const child = start();
    await until("its start", () => child.lastLines().length === 2);
    await endChild(child, () => child.process.disconnect(), WAIT_MS);
    expect((await child.ended).how).toBe("exit code 0");
  });

  test("that does not end when asked is killed after the bound", async () => {
    const child = start(["-e", "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.error('up')"]);
    await until("its start", () => child.lastLines().length === 1);
    await endChild(child, () => child.process.kill("SIGTERM"), 50);
    expect((await child.ended).how).toBe("SIGKILL");
  });

  test("that ended by itself is not asked again", async () => {
    const child = start(["-e", ""]);
    await child.ended;
    await endChild(child, () => expect.unreachable("it has ended"), WAIT_MS);
  });

  test("with a group of its own takes along what it started", async () => {
    const script =
      "const c = require('node:child_process').spawn('sleep', ['60']); console.error(c.pid); setInterval(() => {}, 1000)";
    const child = startChild({
      name: "a leader",
      nodeArguments: ["-e", script],
      env: process.env,
      processGroup: "own",
    });
    const [pid] = await until("its child", () => (child.lastLines().length === 1 ? child.lastLines() : null));
    child.process.kill("SIGKILL");
    await child.ended;
    await until("the end of its child", () => !isAlive(Number(pid)));
  });
});

/** A process that has ended and that nobody has asked after yet is not alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}
