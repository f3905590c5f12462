// The reader of API servers over real HTTP: pages, bounds, hostile answers, and which failures close a whole cluster.
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { ClusterReading } from "../../monitor/clusters/sight.ts";
import { nodeWish, type Wish } from "../../monitor/clusters/wish.ts";
import { makeNodeClock } from "../../monitor/node/clock.ts";
import { BODY_BYTES_MAX, makeKubeReader, PAGE_ITEMS_MAX, PAGES_MAX, pathOf } from "../../monitor/node/kube-reader.ts";
import { startKubeServer, writeKubeconfig } from "../support/kube-server.ts";

const POD: Wish = {
  key: "pods",
  group: "",
  version: "v1",
  plural: "pods",
  namespace: "demo",
  name: null,
  labelSelector: "app=demo",
};
const SPACE: Wish = {
  key: "namespaces",
  group: "",
  version: "v1",
  plural: "namespaces",
  namespace: null,
  name: "demo",
  labelSelector: null,
};
const MESH: Wish = {
  key: "gateways.networking.istio.io",
  group: "networking.istio.io",
  version: "v1",
  plural: "gateways",
  namespace: "demo",
  name: null,
  labelSelector: null,
};

const clock = makeNodeClock();

function useKubeconfig(path: string): void {
  vi.stubEnv("KUBECONFIG", path);
  onTestFinished(() => void vi.unstubAllEnvs());
}

function read(wishes: readonly Wish[], timeoutMs = 10_000): Promise<ClusterReading> {
  return makeKubeReader("stand", clock, clock.monotonicMs() + timeoutMs).read(wishes);
}

async function readFrom(
  listener: RequestListener,
  wishes: readonly Wish[] = [POD],
  timeoutMs?: number,
): Promise<ClusterReading> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  useKubeconfig(writeKubeconfig({ stand: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));
  return read(wishes, timeoutMs);
}

const json =
  (code: number, content: unknown): RequestListener =>
  (_, reply) =>
    void reply
      .writeHead(code, { "content-type": "application/json" })
      .end(typeof content === "string" ? content : JSON.stringify(content));

test.each([
  [POD, "/api/v1/namespaces/demo/pods?labelSelector=app%3Ddemo"],
  [SPACE, "/api/v1/namespaces/demo"],
  [MESH, "/apis/networking.istio.io/v1/namespaces/demo/gateways"],
  // A Pod names its node; whatever it says is a name, and leads to nothing else.
  [nodeWish("../namespaces/demo/secrets/tls"), "/api/v1/nodes/..%2Fnamespaces%2Fdemo%2Fsecrets%2Ftls"],
])("the path of %j is as kubectl has it", (wish, path) => {
  expect(pathOf(wish)).toBe(path);
});

describe("against the stand-in", () => {
  test("a list of several pages is one list, and only what is asked for is asked", async () => {
    const server = await startKubeServer(["v1/pods", "v1/namespaces"]);
    onTestFinished(() => server.close());
    server.put("v1/namespaces", "", { apiVersion: "v1", kind: "Namespace", metadata: { name: "demo" } });
    for (let at = 0; at < PAGE_ITEMS_MAX + 2; at += 1)
      server.put("v1/pods", "demo", {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: `pod-${at}`, labels: { app: at === 0 ? "other" : "demo" } },
      });
    useKubeconfig(writeKubeconfig({ stand: server.url }));
    const reading = await read([SPACE, POD, MESH]);
    if (reading.kind !== "read") throw new Error(reading.detail);
    expect(Object.keys(reading.looks)).toEqual([SPACE.key, POD.key, MESH.key]);
    expect(reading.looks[MESH.key]).toEqual({ kind: "no-kind" });
    const pods = reading.looks[POD.key];
    expect(pods?.kind === "seen" ? pods.objects.length : pods).toBe(PAGE_ITEMS_MAX + 1);
    expect(server.asked.every((one) => one.startsWith("GET "))).toBe(true);
    expect(server.asked).toHaveLength(4);
  });

  test("an object that is not there is an empty list, and a verb that is missing is named", async () => {
    const server = await startKubeServer(["v1/pods", "v1/namespaces"]);
    onTestFinished(() => server.close());
    server.forbidPath = (path) => path.endsWith("/pods");
    useKubeconfig(writeKubeconfig({ stand: server.url }));
    expect(await read([SPACE, POD])).toEqual({
      kind: "read",
      looks: {
        namespaces: { kind: "seen", objects: [] },
        pods: {
          kind: "forbidden",
          detail: expect.stringContaining(
            'cannot list resource "pods" in API group "" in the namespace "demo"',
          ) as unknown,
        },
      },
    });
  });
});

describe("hostile answers", () => {
  test.each([
    { name: "a login page", code: 200, content: "<html>log in</html>" },
    { name: "no list", code: 200, content: { items: 7 } },
    { name: "items without names", code: 200, content: { items: [{ metadata: {} }] } },
    { name: "items that are none", code: 200, content: { items: [null] } },
  ])("$name is not taken for an answer", async ({ code, content }) => {
    expect(await readFrom(json(code, content))).toMatchObject({ kind: "read", looks: { pods: { kind: "failed" } } });
  });

  test("a list that never ends is given up after its last page", async () => {
    let calls = 0;
    const reading = await readFrom((request, reply) => {
      calls += 1;
      json(200, { metadata: { continue: "more" }, items: [] })(request, reply);
    });
    expect(reading).toMatchObject({
      looks: { pods: { kind: "failed", detail: expect.stringContaining("expected at most 2000 objects") as unknown } },
    });
    expect(calls).toBe(PAGES_MAX);
  });

  test("an answer without end is not kept", async () => {
    const chunk = Buffer.alloc(1_048_576, " ");
    const reading = await readFrom((_, reply) => {
      reply.writeHead(200, { "content-type": "application/json" });
      const more = (): void => {
        while (reply.write(chunk));
      };
      reply.on("drain", more);
      more();
    });
    expect(JSON.stringify(reading)).toContain(`an answer of more than ${BODY_BYTES_MAX} bytes`);
  });

  test("the token is never repeated", async () => {
    const reading = await readFrom((request, reply) =>
      reply.writeHead(400).end(`you sent ${request.headers.authorization}`),
    );
    expect(JSON.stringify(reading)).toContain("you sent");
    expect(JSON.stringify(reading)).not.toContain("not-a-secret");
  });
});

describe("a whole cluster is closed", () => {
  test("by credentials that ended", async () => {
    const reading = await readFrom(json(401, { kind: "Status", message: "Unauthorized", code: 401 }));
    expect(reading).toMatchObject({
      kind: "closed",
      cause: "credentials",
      detail: expect.stringContaining("401") as unknown,
    });
  });

  test("by a server that is overloaded", async () => {
    expect(await readFrom(json(503, "no backend"))).toMatchObject({ kind: "closed", cause: "unreachable" });
  });

  test("by one that accepts and says nothing, when its time is over", async () => {
    expect(await readFrom(() => {}, [POD], 100)).toMatchObject({ kind: "closed", cause: "unreachable" });
  });

  test("by nobody there", async () => {
    const server = await startKubeServer([]);
    await server.close();
    useKubeconfig(writeKubeconfig({ stand: server.url }));
    expect(await read([POD])).toMatchObject({
      cause: "unreachable",
      detail: expect.stringContaining("ECONNREFUSED") as unknown,
    });
  });

  test("by a context that there is not, told with those that there are", async () => {
    useKubeconfig(writeKubeconfig({ other: "http://127.0.0.1:1" }));
    expect(await read([POD])).toEqual({
      kind: "closed",
      cause: "context",
      detail: "the kubeconfig has no context stand, only other",
    });
  });

  test("by no kubeconfig", async () => {
    useKubeconfig("/nowhere/config");
    expect(await read([POD])).toMatchObject({ cause: "context", detail: expect.stringContaining("ENOENT") as unknown });
  });

  const plugin = (command: string, args: readonly string[]): string => {
    const path = join(mkdtempSync(join(tmpdir(), "kubeconfig-")), "config");
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command, args, interactiveMode: "Never" };
    const cluster = { server: "http://127.0.0.1:1", "insecure-skip-tls-verify": true };
    const config = {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "c", cluster }],
      users: [{ name: "u", user: { exec } }],
      contexts: [{ name: "stand", context: { cluster: "c", user: "u" } }],
    };
    writeFileSync(path, JSON.stringify(config));
    return path;
  };

  test.each([
    {
      name: "that is not installed",
      command: "no-such-auth-plugin",
      args: [],
      words: "spawn no-such-auth-plugin ENOENT",
    },
    {
      name: "that fails",
      command: process.execPath,
      args: ["-e", "console.error('token expired: log in'); process.exit(1)"],
      words: "token expired: log in",
    },
    { name: "that says nothing", command: process.execPath, args: ["-e", ""], words: "JSON" },
  ])("by a credential plugin $name", async ({ command, args, words }) => {
    useKubeconfig(plugin(command, args));
    const reading = await read([POD]);
    expect(reading).toMatchObject({
      kind: "closed",
      cause: "credentials",
      detail: expect.stringContaining(words) as unknown,
    });
  });
});
