import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { hostname } from "node:os";
import { expect, onTestFinished, test } from "vitest";
import { FROM_SOURCE, startProcess, startService } from "./service-process.ts";

async function takePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test("it says in one line of JSON where it listens, and answers there", async () => {
  const service = await startService({ REGION: "us-east-1", POD_IP: "10.42.1.23", CLUSTER: "aws", VERSION: "1.0.0" });
  const want = { level: "info", msg: "listening", host: "127.0.0.1", port: service.port };
  expect(await service.said("listening")).toEqual(want);
  const before = Math.floor(Date.now() / 1_000) * 1_000;
  const claim = (await (await fetch(service.url)).json()) as Record<string, string>;
  const { time = "", ...rest } = claim;
  expect(rest).toEqual({
    region: "us-east-1",
    hostname: hostname(),
    podIP: "10.42.1.23",
    cluster: "aws",
    version: "1.0.0",
  });
  expect(Date.parse(time)).toBeGreaterThanOrEqual(before);
  expect(Date.parse(time)).toBeLessThanOrEqual(Date.now());
});

test("without HOST it listens on all interfaces", async () => {
  const service = await startService({ HOST: "" });
  expect((await service.said("listening"))["host"]).toMatch(/^(::|0\.0\.0\.0)$/);
  expect((await fetch(service.url)).status).toBe(200);
});

test("a taken port is one line of JSON on stderr, and exit code 1", async () => {
  const port = await takePort();
  const { code, stdout, stderr } = await startProcess({ HOST: "127.0.0.1", PORT: String(port) }).ended;
  expect(code).toBe(1);
  expect(stdout).toBe("");
  const msg = `cannot listen on 127.0.0.1, port ${port}: listen EADDRINUSE: address already in use 127.0.0.1:${port}`;
  expect(stderr).toBe(`${JSON.stringify({ level: "error", msg })}\n`);
});

test("a wrong environment is named whole on stderr, and exit code 2", async () => {
  const { code, stdout, stderr } = await startProcess({ PORT: "http", REGION: "ü" }).ended;
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(
    stderr
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([
    { level: "error", msg: 'PORT: expected a whole number from 0 to 65535, found "http"' },
    { level: "error", msg: 'REGION: expected at most 128 printable ASCII characters, found "ü"' },
  ]);
});

test.each([
  { args: ["serve"], code: 2, said: /expected none or \\"healthcheck\\", found \\"serve\\"/ },
  { args: ["healthcheck", "now"], code: 1, said: /found \\"healthcheck now\\"/ },
])("the arguments $args are refused with exit code $code", async ({ args, code, said }) => {
  const launch = { ...FROM_SOURCE, args: [...FROM_SOURCE.args, ...args] };
  const ending = await startProcess({ PORT: "0" }, launch).ended;
  expect(ending.code).toBe(code);
  expect(ending.stderr).toMatch(said);
});
