// Bodies far larger than what workerd may keep of them: 100 MB each way, and a client that does not read. What is measured is
// workerd's resident memory, so the bound is wide; keeping a body would break it twice.
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../support/until.ts";
import { openExchange, replyTo } from "./passing-exchange.ts";
import { piecesOf, type Pieces } from "./passing-upstream.ts";
import { type PassingWorld, startPassingWorld } from "./passing-world.ts";

const MB = 1024 * 1024;
const BODY_BYTES = 100 * MB;
const PIECE = Buffer.alloc(MB / 4, "x");
/** Of 100. */
const GROWTH_BYTES_MAX = 50 * MB;

let world: PassingWorld;
beforeAll(async () => {
  world = await startPassingWorld();
  // Code, stacks and buffers that any transfer needs are there before anything is measured.
  await download(2 * MB, () => undefined);
  await upload(2 * MB, { "content-length": String(2 * MB) }, () => undefined);
});
afterAll(() => world.end());

test.each([
  { framing: "with its length", headers: { "content-length": String(BODY_BYTES) } },
  { framing: "in chunks", headers: {} },
])("100 MB to the client $framing leave no trace in workerd's memory", async ({ headers }) => {
  const memory = watchMemory(world.workerdPid);
  const pieces = await download(BODY_BYTES, memory.look, headers);
  expect([pieces.bytes(), pieces.ended()]).toEqual([BODY_BYTES, "whole"]);
  expect(memory.growth()).toBeLessThan(GROWTH_BYTES_MAX);
});

test.each([
  { framing: "with its length", headers: { "content-length": String(BODY_BYTES) } },
  { framing: "in chunks", headers: { "transfer-encoding": "chunked" } },
])("100 MB from the client $framing leave no trace in workerd's memory", async ({ headers }) => {
  const memory = watchMemory(world.workerdPid);
  const pieces = await upload(BODY_BYTES, headers, memory.look);
  expect([pieces.bytes(), pieces.ended()]).toEqual([BODY_BYTES, "whole"]);
  expect(memory.growth()).toBeLessThan(GROWTH_BYTES_MAX);
});

test("a client that does not read stops the upstream, and gets everything when it reads again", async () => {
  const memory = watchMemory(world.workerdPid);
  let open: ServerResponse | null = null;
  world.upstream.play((_request, response) => void (open = response));
  const asked = openExchange(world.port("through the router"), {});
  asked.end();
  const response = await until("a request arrives", () => open);
  const replied = replyTo(asked);
  response.flushHeaders();
  const reply = await replied;
  reply.pause();
  const accepted = await pourUntilRefused(response);
  expect(accepted).toBeLessThan(BODY_BYTES / 2);
  expect(memory.growth()).toBeLessThan(GROWTH_BYTES_MAX);
  response.end();
  const pieces = piecesOf(reply);
  reply.resume();
  await until("the rest", () => pieces.ended() === "whole");
  expect(pieces.bytes()).toBe(accepted);
});

async function download(
  bytes: number,
  look: () => void,
  headers: Readonly<Record<string, string>> = {},
): Promise<Pieces> {
  world.upstream.play(async (_request, response) => {
    response.writeHead(200, headers);
    await pour(bytes, (piece) => response.write(piece) || once(response, "drain"));
    response.end();
  });
  const asked = openExchange(world.port("through the router"), {});
  asked.end();
  const reply = await replyTo(asked);
  reply.on("data", look);
  const pieces = piecesOf(reply);
  await until("the whole body", () => pieces.ended() !== "open", 30_000);
  return pieces;
}

async function upload(bytes: number, headers: Readonly<Record<string, string>>, look: () => void): Promise<Pieces> {
  let arrived: Pieces | null = null;
  world.upstream.play((request, response) => {
    request.on("data", look);
    arrived = piecesOf(request);
    request.on("end", () => response.end());
  });
  const asked = openExchange(world.port("through the router"), { method: "POST", headers: Object.entries(headers) });
  await pour(bytes, (piece) => asked.write(piece) || once(asked, "drain"));
  asked.end();
  expect((await replyTo(asked)).statusCode).toBe(200);
  return await until("a request arrives", () => arrived);
}

/** As fast as it is taken, and no faster. */
async function pour(bytes: number, write: (piece: Buffer) => unknown): Promise<void> {
  for (let left = bytes; left > 0; left -= PIECE.length) await write(PIECE.subarray(0, Math.min(left, PIECE.length)));
}

/** How much was taken before nothing more was, for a second; a machine that is busy for so long only hides a fault. */
async function pourUntilRefused(response: ServerResponse): Promise<number> {
  let accepted = 0;
  while (accepted < BODY_BYTES) {
    accepted += PIECE.length;
    if (response.write(PIECE)) continue;
    const drained = once(response, "drain", { signal: AbortSignal.timeout(1000) });
    if (!(await drained.then(Boolean, () => false))) break;
  }
  return accepted;
}

interface Memory {
  readonly look: () => void;
  /** The largest that was seen, over the beginning; 0 where there is no /proc. */
  readonly growth: () => number;
}

function watchMemory(pid: number): Memory {
  const before = residentBytes(pid);
  let largest = before;
  const look = (): void => void (largest = Math.max(largest, residentBytes(pid)));
  return {
    look,
    growth: () => {
      look();
      return largest - before;
    },
  };
}

function residentBytes(pid: number): number {
  const path = `/proc/${pid}/status`;
  if (!existsSync(path)) return 0;
  return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(path, "utf8"))?.[1] ?? 0);
}
