// A stand-in for a Kubernetes API server: real HTTP, custom objects by path, JSON patches under conditions, dry runs, and the
// refusals in the words of kube-apiserver and KubeFed. It simulates: what a real server says is for the contract to hold it to.
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { PatchStep } from "../../monitor/node/kube-api.ts";
import { applyPatch } from "./json-patch.ts";

export interface StoredObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>> & { readonly name: string };
  readonly spec?: unknown;
  readonly status?: unknown;
}

export interface KubeServer {
  readonly url: string;
  /** "PATCH /apis/…?dryRun=All", in the order of arrival. */
  readonly asked: readonly string[];
  /** Kinds that the server knows: "apps/v1/deployments". */
  readonly kinds: Set<string>;
  put(kindPath: string, namespace: string, object: StoredObject): void;
  take(kindPath: string, namespace: string, name: string): StoredObject | null;
  /** Everything, by path. */
  all(): readonly StoredObject[];
  remove(kindPath: string, namespace: string, name: string): void;
  /** What decides before a write: a message refuses it, as an admission webhook does. */
  admit: (object: StoredObject) => string | null;
  /** Verbs that the user may not use. */
  readonly forbidden: Set<string>;
  /** Paths that the user may not use. */
  forbidPath: (path: string) => boolean;
  /** Called before each patch is applied: somebody else's write. */
  beforePatch: () => void;
  close(): Promise<void>;
}

interface Reply {
  readonly code: number;
  readonly content: unknown;
}

const USER = "drill";

export async function startKubeServer(kinds: readonly string[]): Promise<KubeServer> {
  const asked: string[] = [];
  const shelf = makeShelf();
  const server = createServer((request, response) => void reply(request, response));
  const reply = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    asked.push(`${request.method ?? ""} ${request.url ?? ""}`);
    const { code, content } = answer(self, shelf, { method: request.method ?? "", url: request.url ?? "", body });
    const isText = typeof content === "string";
    response.writeHead(code, { "content-type": isText ? "text/plain" : "application/json" });
    response.end(isText ? content : JSON.stringify(content));
  };
  const self: KubeServer = {
    url: await new Promise((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
    }),
    asked,
    kinds: new Set(kinds),
    put: (kindPath, namespace, object) => void shelf.put(`${kindPath}/${namespace}/${object.metadata.name}`, object),
    take: (kindPath, namespace, name) => shelf.objects.get(`${kindPath}/${namespace}/${name}`) ?? null,
    remove: (kindPath, namespace, name) => void shelf.objects.delete(`${kindPath}/${namespace}/${name}`),
    all: () => [...shelf.objects].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object),
    admit: () => null,
    forbidden: new Set(),
    forbidPath: () => false,
    beforePatch: () => {},
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
  return self;
}

interface Shelf {
  readonly objects: Map<string, StoredObject>;
  /** Counts the version. */
  put(key: string, object: StoredObject): StoredObject;
}

function makeShelf(): Shelf {
  const objects = new Map<string, StoredObject>();
  let version = 1000;
  return {
    objects,
    put: (key, object) => {
      const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String((version += 1)) } };
      objects.set(key, stored);
      return stored;
    },
  };
}

interface Request {
  readonly method: string;
  readonly url: string;
  readonly body: string;
}

/** Of namespaced kinds and of those that are not, of the core ("v1") and of groups ("apps/v1"). */
const PATH = /^\/apis?\/((?:[^/]+\/)?v[^/]+)(?:\/namespaces\/([^/]+))?\/([^/]+)(?:\/([^/]+))?$/;

function answer(server: KubeServer, shelf: Shelf, { method, url, body }: Request): Reply {
  const [path = "", query = ""] = url.split("?");
  const asked = new URLSearchParams(query);
  const [, api = "", namespace = "", plural = "", name] = PATH.exec(path) ?? [];
  if (!server.kinds.has(`${api}/${plural}`)) return { code: 404, content: "404 page not found\n" };
  const resource = api.includes("/") ? `${plural}.${api.split("/")[0] ?? ""}` : plural;
  if (server.forbidden.has(method) || server.forbidPath(path))
    return forbidden(
      method === "GET" && name === undefined ? "list" : method.toLowerCase(),
      resource,
      name ?? "",
      namespace,
    );
  const under = `${api}/${plural}/${namespace}/`;
  const key = `${under}${name ?? ""}`;
  if (method === "POST") return made(shelf, under, JSON.parse(body) as StoredObject);
  if (method === "GET" && name === undefined) {
    const objects = [...shelf.objects]
      .filter(([one, object]) => one.startsWith(under) && selected(object, asked.get("labelSelector")))
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
    return {
      code: 200,
      content: page(
        objects.map(([, object]) => object),
        asked,
      ),
    };
  }
  if (method === "PATCH" && shelf.objects.has(key)) server.beforePatch();
  const object = shelf.objects.get(key);
  if (object === undefined) return failure(404, "NotFound", `${resource} "${name ?? ""}" not found`);
  if (method === "DELETE") shelf.objects.delete(key);
  if (method !== "PATCH") return { code: 200, content: object };
  const keep = (next: StoredObject): StoredObject => (query.includes("dryRun=All") ? next : shelf.put(key, next));
  return patched(server, object, JSON.parse(body) as readonly PatchStep[], keep);
}

/** Equality alone: "app=demo,tier=web". */
function selected({ metadata }: StoredObject, selector: string | null): boolean {
  const labels = (metadata["labels"] ?? {}) as Readonly<Record<string, string>>;
  const wanted = (selector ?? "").split(",").filter((one) => one !== "");
  return wanted.every((one) => labels[one.split("=")[0] ?? ""] === one.split("=")[1]);
}

/** A token is opaque to clients; here it is where the next page begins. */
function page(objects: readonly StoredObject[], asked: URLSearchParams): object {
  const from = Number(asked.get("continue") ?? 0);
  const limit = Number(asked.get("limit") ?? 0) || objects.length;
  const more = from + limit < objects.length ? { continue: String(from + limit) } : {};
  return { kind: "List", metadata: { resourceVersion: "1", ...more }, items: objects.slice(from, from + limit) };
}

function made(shelf: Shelf, under: string, object: StoredObject): Reply {
  const first = { ...object, metadata: { ...object.metadata, generation: 1 } };
  return { code: 201, content: shelf.put(`${under}${object.metadata.name}`, first) };
}

function patched(
  server: KubeServer,
  object: StoredObject,
  steps: readonly PatchStep[],
  keep: (next: StoredObject) => StoredObject,
): Reply {
  let next: StoredObject;
  try {
    next = applyPatch(object, steps);
  } catch {
    return failure(422, "Invalid", "the server rejected our request due to an error in our request");
  }
  const invalid = validationWords(next);
  if (invalid !== null) return failure(422, "Invalid", invalid);
  const refusal = server.admit(next);
  if (refusal !== null)
    return failure(403, "Forbidden", `admission webhook "drills.example.com" denied the request: ${refusal}`);
  if (isDeepStrictEqual(next.spec, object.spec)) return { code: 200, content: keep(next) };
  const generation = Number(object.metadata["generation"]) + 1;
  return { code: 200, content: keep({ ...next, metadata: { ...next.metadata, generation } }) };
}

/** Of what a real server checks, replicas alone: a number that no object may have, and what is no number. */
function validationWords({ apiVersion, kind, metadata, spec }: StoredObject): string | null {
  const { replicas = 0 } = (spec ?? {}) as { readonly replicas?: unknown };
  if (typeof replicas !== "number")
    return ` "" is invalid: patch: Invalid value: ${JSON.stringify({ apiVersion, kind })}`;
  if (replicas >= 0) return null;
  const what = `${kind}.${apiVersion.split("/")[0] ?? ""} "${metadata.name}" is invalid`;
  return `${what}: spec.replicas: Invalid value: ${replicas}: must be greater than or equal to 0`;
}

function failure(code: number, reason: string, message: string): Reply {
  return {
    code,
    content: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, code },
  };
}

function forbidden(verb: string, resource: string, name: string, namespace: string): Reply {
  const [plural = "", ...group] = resource.split(".");
  const what = `User "${USER}" cannot ${verb} resource "${plural}" in API group "${group.join(".")}"`;
  const where = namespace === "" ? "at the cluster scope" : `in the namespace "${namespace}"`;
  const object = name === "" ? resource : `${resource} "${name}"`;
  return failure(403, "Forbidden", `${object} is forbidden: ${what} ${where}`);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Gives the path of a kubeconfig in which each context leads to its server. */
export function writeKubeconfig(servers: Readonly<Record<string, string>>): string {
  const names = Object.keys(servers);
  const config = {
    apiVersion: "v1",
    kind: "Config",
    // The client library takes plain HTTP for nothing but a cluster of which no certificate is asked.
    clusters: names.map((name) => ({ name, cluster: { server: servers[name], "insecure-skip-tls-verify": true } })),
    users: [{ name: USER, user: { token: "not-a-secret" } }],
    contexts: names.map((name) => ({ name, context: { cluster: name, user: USER } })),
  };
  const path = join(mkdtempSync(join(tmpdir(), "kubeconfig-")), "config");
  writeFileSync(path, JSON.stringify(config));
  return path;
}
