import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { makeNodeClock } from "../../monitor/node/clock.ts";
import { type KubeApi, openKube } from "../../monitor/node/kube-api.ts";
import { kubeContract } from "./kube-contract.ts";
import { type KubeServer, startKubeServer, writeKubeconfig } from "../support/kube-server.ts";

const REF = { group: "apps", version: "v1", plural: "deployments", namespace: "default", name: "app" };

describe("the stand-in for an API server", () => {
  let server: KubeServer;
  beforeAll(async () => {
    server = await startKubeServer(["apps/v1/deployments", "v1/namespaces"]);
    server.put("v1/namespaces", "", { apiVersion: "v1", kind: "Namespace", metadata: { name: "default" } });
    vi.stubEnv("KUBECONFIG", writeKubeconfig({ stand: server.url }));
  });
  afterAll(async () => {
    await server.close();
    vi.unstubAllEnvs();
  });
  kubeContract(() => "stand");
});

for (const context of [process.env["TEST_KUBE_CONTEXT"] ?? []].flat())
  describe(`the API server of ${context}`, () => {
    kubeContract(() => context);
  });

async function apiOn(listener: RequestListener): Promise<KubeApi> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return openedAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

function openedAt(url: string): KubeApi {
  vi.stubEnv("KUBECONFIG", writeKubeconfig({ stand: url }));
  onTestFinished(() => void vi.unstubAllEnvs());
  const opened = openKube("stand", makeNodeClock());
  if (opened.kind === "failed") throw new Error(opened.detail);
  return opened.api;
}

function statusBody(code: number, message: string): string {
  return JSON.stringify({ kind: "Status", status: "Failure", message, code });
}

describe("a call that fails", () => {
  test.each([
    [401, "", "denied", /HTTP 401/],
    [403, statusBody(403, 'deployments.apps "app" is forbidden: User "x" cannot get it'), "denied", /cannot get it/],
    [403, statusBody(403, 'admission webhook "w" denied the request: no'), "refused", /denied the request: no/],
    [409, statusBody(409, "the object has been modified"), "conflict", /has been modified/],
    [422, statusBody(422, 'Deployment "app" is invalid: spec.replicas: must be positive'), "refused", /is invalid/],
    [429, statusBody(429, "too many requests"), "unavailable", /too many/],
    [500, statusBody(500, "etcdserver: request timed out"), "unavailable", /etcdserver/],
    [503, "<html>no backend</html>", "unavailable", /no backend/],
    [404, "404 page not found\n", "no-kind", /page not found/],
    [200, "<html>a login page</html>", "not-understood", /GET deployments.apps default\/app at stand/],
    [200, '{"kind":"Deployment"}', "not-understood", /not one of a Kubernetes API/],
  ] as const)("with %d %j is %s", async (status, body, cause, detail) => {
    const type = body.startsWith("{") ? "application/json" : "text/plain";
    const api = await apiOn((_, reply) => reply.writeHead(status, { "content-type": type }).end(body));
    expect(await api.read(REF)).toMatchObject({
      kind: "failed",
      failure: { cause, detail: expect.stringMatching(detail) },
    });
  });

  test("to a port that nobody listens on says so", async () => {
    const server = await startKubeServer([]);
    await server.close();
    expect(await openedAt(server.url).read(REF)).toMatchObject({
      failure: { cause: "unavailable", detail: expect.stringContaining("ECONNREFUSED") },
    });
  });

  test("never repeats the token", async () => {
    const api = await apiOn((request, reply) => reply.writeHead(400).end(`you sent ${request.headers.authorization}`));
    const read = await api.read(REF);
    expect(JSON.stringify(read)).not.toContain("not-a-secret");
  });
});

test("a list that goes on is not taken for whole", async () => {
  const body = JSON.stringify({ metadata: { continue: "more" }, items: [] });
  const api = await apiOn((_, reply) => reply.writeHead(200, { "content-type": "application/json" }).end(body));
  expect(await api.list(REF, "default")).toMatchObject({
    failure: { detail: "GET deployments.apps in default at stand: expected at most 1000 objects, found more" },
  });
});

describe("a context", () => {
  test("that the kubeconfig does not have is told with those that it has", () => {
    vi.stubEnv("KUBECONFIG", writeKubeconfig({ one: "http://127.0.0.1:1", two: "http://127.0.0.1:2" }));
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(openKube("three", makeNodeClock())).toEqual({
      kind: "failed",
      detail: "the kubeconfig has no context three, only one, two",
    });
  });
});
