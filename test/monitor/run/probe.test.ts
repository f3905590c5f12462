import { describe, expect, test } from "vitest";
import { planRound, type ProbeJob } from "../../../monitor/run/plan.ts";
import { runProbe } from "../../../monitor/run/probe.ts";
import type { DialReply, NetReply, NetRequest } from "../../../monitor/run/world.ts";
import { EXAMPLE } from "../../support/example-topology.ts";
import { makeFakeWorld, OK_BODY, okReply } from "../../support/fake-world.ts";

const job = planRound(EXAMPLE, 0)[0]?.probes[0];
if (job === undefined) throw new Error("the example plans a probe");
const aws: ProbeJob = job;

function failedFetch(
  cause: "connection-lost" | "timeout" | "truncated" | "name-not-resolved" | "tls",
  status: number | null = null,
): NetReply {
  return { kind: "failed", failure: { cause, detail: cause }, status, phases: {} };
}

function answering(code: number): (request: NetRequest) => NetReply {
  return (request) => ({ ...(okReply(request) as Extract<NetReply, { kind: "reply" }>), status: code });
}

function claim(body: string): (request: NetRequest) => NetReply {
  return (request) =>
    request.url.endsWith("/")
      ? { ...(okReply(request) as Extract<NetReply, { kind: "reply" }>), body }
      : okReply(request);
}

const refused: DialReply = { kind: "failed", failure: { cause: "refused", phase: "connect", detail: "refused" } };

const unreachable: DialReply = { kind: "failed", failure: { cause: "unreachable", detail: "cannot connect" } };

describe("what a look makes of replies", () => {
  test.each([
    {
      name: "a Worker's dial that cannot connect, where its fetch found the name, was refused",
      script: { dial: () => unreachable, fetch: () => failedFetch("connection-lost") },
      want: { status: null, cause: "refused", phases: [] },
    },
    {
      name: "a Worker's dial that cannot connect, where its fetch knows why, leaves the word to the fetch",
      script: { dial: () => unreachable, fetch: () => failedFetch("name-not-resolved") },
      want: { status: null, cause: "name-not-resolved", phases: [] },
    },
    {
      name: "what looks like TLS where no connection can be made was the name",
      script: { dial: () => unreachable, fetch: () => failedFetch("tls") },
      want: { status: null, cause: "name-not-resolved", phases: [] },
    },
    { name: "all good", script: {}, want: { status: 200, cause: null, phases: ["connect", "ttfb", "transfer"] } },
    {
      name: "a refused dial names what fetch cannot",
      script: { dial: () => refused, fetch: () => failedFetch("connection-lost") },
      want: { status: null, cause: "refused", phases: [] },
    },
    {
      name: "a lost connection after a good dial stays what it is",
      script: { fetch: () => failedFetch("connection-lost") },
      want: { status: null, cause: "connection-lost", phases: ["connect"] },
    },
    {
      name: "a dial that fails where fetch succeeds is no failure",
      script: { dial: () => refused },
      want: { status: 200, cause: null, phases: ["ttfb", "transfer"] },
    },
    {
      name: "a silent server",
      script: { fetch: () => failedFetch("timeout") },
      want: { status: null, cause: "timeout", phases: ["connect"] },
    },
    {
      name: "half a body keeps its status",
      script: { fetch: () => failedFetch("truncated", 200) },
      want: { status: 200, cause: "truncated", phases: ["connect"] },
    },
    {
      name: "503",
      script: { fetch: answering(503) },
      want: { status: 503, cause: "http-status", phases: ["connect", "ttfb", "transfer"] },
    },
    {
      name: "a redirect",
      script: { fetch: answering(302) },
      want: { status: 302, cause: "redirected", phases: ["connect", "ttfb", "transfer"] },
    },
    {
      name: "204 is good for the health path, and its claim is unreadable",
      script: { fetch: answering(204) },
      want: { status: 204, cause: "claim-unreadable", phases: ["connect", "ttfb", "transfer"] },
    },
    {
      name: "no JSON as claim",
      script: { fetch: claim("<html>") },
      want: { status: 200, cause: "claim-unreadable", phases: ["connect", "ttfb", "transfer"] },
    },
    {
      name: "a claim of another region",
      script: { fetch: claim(OK_BODY.replace("us-east-1", "europe-west1")) },
      want: { status: 200, cause: "wrong-region", phases: ["connect", "ttfb", "transfer"] },
    },
    {
      name: "a world that throws",
      script: {
        fetch: () => {
          throw new Error("broken socket");
        },
      },
      want: { status: null, cause: "internal", phases: [] },
    },
  ])("$name", async ({ script, want }) => {
    const seen = await runProbe(aws, 2500, makeFakeWorld(script));
    expect({ status: seen.status, cause: seen.failure?.cause ?? null, phases: Object.keys(seen.phases) }).toEqual(want);
  });
});

test("a dial that times out ends the look: the fetch would time out as well", async () => {
  const world = makeFakeWorld({
    dial: () => ({ kind: "failed", failure: { cause: "timeout", phase: "connect", detail: "no reply" } }),
  });
  expect((await runProbe(aws, 2500, world)).failure).toMatchObject({ cause: "timeout", phase: "connect" });
  expect(world.calls).toEqual(["dial use1.demo.multicloud.example.com:443 tcp"]);
});

test("with all phases asked for, TLS is the second dial's time less the first one's", async () => {
  const world = makeFakeWorld({ dial: ({ secure }) => ({ kind: "open", connectMs: secure === "tls" ? 27 : 9 }) });
  expect((await runProbe({ ...aws, phases: "full" }, 2500, world)).phases).toEqual({
    connect: 9,
    tls: 18,
    ttfb: 10,
    transfer: 1,
  });
});

test("a handshake that fails is left to the fetch to name, one that never ends is the end of the look", async () => {
  const world = (cause: "unreachable" | "timeout") =>
    makeFakeWorld({
      dial: ({ secure }) =>
        secure === "tcp" ? { kind: "open", connectMs: 9 } : { kind: "failed", failure: { cause, detail: "handshake" } },
      fetch: () => failedFetch("tls"),
    });
  const look = (cause: "unreachable" | "timeout") => runProbe({ ...aws, phases: "full" }, 2500, world(cause));
  expect((await look("unreachable")).failure?.cause).toBe("tls");
  expect((await look("timeout")).failure?.cause).toBe("timeout");
});

test("a runtime that sees the connection itself is not made to dial", async () => {
  const world = makeFakeWorld();
  await runProbe(aws, 2500, { ...world, net: { ...world.net, sees: ["dns", "connect", "tls", "ttfb", "transfer"] } });
  expect(world.calls).toEqual([
    "fetch https://use1.demo.multicloud.example.com/healthz",
    "fetch https://use1.demo.multicloud.example.com/",
  ]);
});
