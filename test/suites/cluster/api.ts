// A small client of a Kubernetes API for suites, which shares no code with the one that is tested: objects are made, applied,
// patched and read by their own paths.
import { Agent, request } from "undici";
import { keyOfObject, pluralOf } from "../../../monitor/clusters/wish.ts";

export interface ApiObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly [key: string]: unknown;
  };
  readonly [key: string]: unknown;
}

export interface ApiAnswer {
  readonly code: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export type PatchKind = "merge" | "json" | "apply";
type Method = "GET" | "POST" | "PATCH" | "DELETE" | "PUT";

export interface ApiClient {
  /** Whatever the answer is; throws where there is none. */
  ask(method: Method, path: string, body?: unknown, type?: string): Promise<ApiAnswer>;
  get(path: string): Promise<ApiObject>;
  list(path: string): Promise<readonly ApiObject[]>;
  create(object: ApiObject): Promise<ApiObject>;
  /** Server-side apply; fields that nobody knows are refused. */
  apply(object: ApiObject): Promise<ApiObject>;
  patch(path: string, kind: PatchKind, body: unknown): Promise<ApiObject>;
  /** One that is gone already is no news. */
  remove(path: string): Promise<void>;
  close(): Promise<void>;
}

const CALL_MS_MAX = 30_000;
const FIELD_MANAGER = "suite";
const TYPES: Readonly<Record<PatchKind, string>> = {
  merge: "application/merge-patch+json",
  json: "application/json-patch+json",
  apply: "application/apply-patch+yaml",
};

export function makeApiClient(url: string, ca: string, token: string): ApiClient {
  const dispatcher = new Agent({ connect: { ca }, bodyTimeout: CALL_MS_MAX, headersTimeout: CALL_MS_MAX });
  const ask = async (method: Method, path: string, body?: unknown, type = "application/json"): Promise<ApiAnswer> => {
    const reply = await request(`${url}${path}`, {
      method,
      dispatcher,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "content-type": type }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(CALL_MS_MAX),
    });
    const text = await reply.body.text();
    return { code: reply.statusCode, body: text.startsWith("{") ? asMap(JSON.parse(text)) : { message: text.trim() } };
  };
  const good = async (...call: Parameters<typeof ask>): Promise<ApiObject> => {
    const { code, body } = await ask(...call);
    if (code < 300) return body as unknown as ApiObject;
    throw new Error(`${call[0]} ${call[1]}: HTTP ${code}: ${String(body["message"])}`);
  };
  return {
    ask,
    get: (path) => good("GET", path),
    list: async (path) => (await good("GET", path))["items"] as readonly ApiObject[],
    create: (object) => good("POST", collectionOf(object), object),
    apply: (object) => good("PATCH", applyPath(object), object, TYPES.apply),
    patch: (path, kind, body) => good("PATCH", `${path}?fieldManager=${FIELD_MANAGER}`, body, TYPES[kind]),
    remove: async (path) => {
      const { code, body } = await ask("DELETE", path);
      if (code >= 300 && code !== 404) throw new Error(`DELETE ${path}: HTTP ${code}: ${String(body["message"])}`);
    },
    close: () => dispatcher.close(),
  };
}

/** Server-side apply with strict validation; `more`: further parameters, as "&dryRun=All". */
export function applyPath(object: ApiObject, more = ""): string {
  return `${pathOf(object)}?fieldManager=${FIELD_MANAGER}&force=true&fieldValidation=Strict${more}`;
}

export function pathOf(object: ApiObject): string {
  return `${collectionOf(object)}/${object.metadata.name}`;
}

function collectionOf({ apiVersion, kind, metadata }: ApiObject): string {
  const api = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const { namespace } = metadata;
  return `${api}${namespace === undefined ? "" : `/namespaces/${namespace}`}/${pluralOf(kind)}`;
}

/** "Deployment multicloud-demo", with the group where two might share a kind's name. */
export function nameOf(object: ApiObject): string {
  return `${keyOfObject(object)} ${object.metadata.name}`;
}

function asMap(value: unknown): Readonly<Record<string, unknown>> {
  return value as Readonly<Record<string, unknown>>;
}
