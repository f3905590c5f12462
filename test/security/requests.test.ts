// What a request can do: read, within bounds, and nothing else. It chooses no target, changes nothing, and costs little.
import { request as httpRequest } from "node:http";
import { createServer } from "node:http";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Faces, makeApp } from "../../monitor/http/app.ts";
import { HEADER_CHARACTERS_MAX, HEADERS_MAX, TARGET_CHARACTERS_MAX } from "../../monitor/http/request-limits.ts";
import { createAppServer } from "../../monitor/local/app-server.ts";
import { closeListener, listenOn } from "../../monitor/local/listening.ts";
import { makeSelf } from "../../monitor/report/self.ts";
import { makeStatus } from "../../monitor/report/status.ts";
import { EMPTY_STATE } from "../../monitor/run/state.ts";
import { NO_BUCKETS } from "../monitor/report/bucket-example.ts";
import { DAY_REPORT } from "../monitor/report/period-example.ts";
import { EXAMPLE } from "../support/example-topology.ts";
import { noRounds } from "../contract/no-rounds.ts";

let asked: (readonly unknown[])[] = [];
const answering =
  <T>(name: string, value: T) =>
  (...given: readonly unknown[]): Promise<T> => {
    asked.push([name, ...given]);
    return Promise.resolve(value);
  };

const FACES: Faces = {
  topologyProblems: [],
  readStatus: answering("status", makeStatus(EXAMPLE, EMPTY_STATE, 0)),
  readSelf: answering("self", makeSelf(EXAMPLE, EMPTY_STATE, { storage: null, round: null }, 0, 0)),
  readRounds: answering("rounds", noRounds(EXAMPLE)),
  reports: {
    readRecent: answering("recent", DAY_REPORT),
    readBuckets: answering("buckets", NO_BUCKETS),
    readDays: answering("days", ["2026-11-22"]),
    readDay: answering("day", DAY_REPORT),
  },
};
const app = makeApp(FACES);
const paths = [...new Set(app.routes.filter(({ method }) => method === "GET").map(({ path }) => path))].map((path) =>
  path.replace(":name", path.startsWith("/badge/") ? "aws-us-east-1.svg" : "2026-11-22"),
);
/** What others embed and gather. */
const published = paths.filter((path) => /^\/(api\/v2|badge|feed)\b/.test(path));
const server = createAppServer(app);
const port = await listenOn(server, { host: "127.0.0.1", port: 0 });
afterAll(() => closeListener(server));
beforeEach(() => void (asked = []));

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** By a bare client, which sends what `fetch` would not. */
function send(method: string, path: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ host: "127.0.0.1", port, method, path, headers, agent: false }, (incoming) => {
      let body = "";
      incoming.setEncoding("utf8").on("data", (piece: string) => (body += piece));
      incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body }));
    });
    outgoing.on("error", reject).end();
  });
}

const METHODS = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "PURGE", "REPORT", "QUERY"];

describe("a method that could change something", () => {
  test.each(METHODS)("%s is refused with a sentence on every path, and nobody is asked", async (method) => {
    for (const path of paths) {
      const reply = await send(method, path, { authorization: "Bearer anything", "x-http-method-override": "GET" });
      expect([path, reply.status, reply.headers["allow"]]).toEqual([path, 405, "GET, HEAD"]);
      expect(JSON.parse(reply.body)).toEqual({ error: `${method} is not for ${path}` });
    }
    for (const path of ["/v1/drills", "/v1/maintenance", "/v1/observations", "/admin", "/gate"])
      expect((await send(method, path)).status).toBe(404);
    expect(asked).toEqual([]);
  });
});

describe("HEAD", () => {
  test.each(paths)("of %s gives the headers of GET and no body", async (path) => {
    const [head, get] = [await send("HEAD", path), await send("GET", path)];
    expect([head.status, head.body]).toEqual([200, ""]);
    for (const name of ["content-type", "cache-control", "content-security-policy", "vary"])
      expect([name, head.headers[name]]).toEqual([name, get.headers[name]]);
  });
});

describe("a query", () => {
  test.each(paths)("with a parameter that %s does not know is refused with what was expected", async (path) => {
    const reply = await send("GET", `${path}?url=http://169.254.169.254/`);
    const known: Readonly<Record<string, string>> = {
      "/": "refresh",
      "/report": "window and format",
      "/buckets": "width and window",
      "/rounds": "from and to",
      "/page.css": "v",
    };
    const expected = known[path] === undefined ? "none" : `${known[path]} at most`;
    expect([reply.status, JSON.parse(reply.body)]).toEqual([
      400,
      { error: `query: expected ${expected}, found another parameter` },
    ]);
    expect(asked).toEqual([]);
  });

  test("that gives a parameter twice is refused, since readers differ in which one counts", async () => {
    expect((await send("GET", "/report?window=1h&window=7d")).status).toBe(400);
    expect(asked).toEqual([]);
  });
});

describe("a request that is too large", () => {
  const length = (of: number): string => `/${"x".repeat(of - 1)}`;
  test.each([
    { path: length(TARGET_CHARACTERS_MAX), status: 404 },
    { path: length(TARGET_CHARACTERS_MAX + 1), status: 414 },
    { path: `/status?${"x".repeat(TARGET_CHARACTERS_MAX)}`, status: 414 },
  ])("is $status by the length of its target", async ({ path, status }) => {
    const reply = await app.request(path);
    expect(reply.status).toBe(status);
    expect(reply.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test.each([
    { headers: HEADERS_MAX, characters: 10, status: 200 },
    { headers: HEADERS_MAX + 1, characters: 10, status: 431 },
    { headers: 1, characters: HEADER_CHARACTERS_MAX, status: 431 },
  ])("is $status with $headers headers of $characters characters", async ({ headers, characters, status }) => {
    const many = Array.from({ length: headers }, (_, index): [string, string] => [
      `x-${index}`,
      "v".repeat(characters),
    ]);
    expect((await app.request("/status", { headers: many })).status).toBe(status);
  });

  test("is refused before anybody is asked", async () => {
    asked = [];
    await app.request(`/status?${"x".repeat(9000)}`);
    await app.request("/report?window=8d");
    expect(asked).toEqual([]);
  });
});

describe("whatever a client sends", () => {
  /** A server that a monitor would find if it let itself be sent there. */
  const lure = createServer((_request, reply) => reply.end("caught"));
  let visits = 0;
  lure.on("connection", () => (visits += 1));
  afterAll(() => closeListener(lure));

  test("the monitor asks for nothing but what it shows, and contacts nobody", async () => {
    const place = `127.0.0.1:${await listenOn(lure, { host: "127.0.0.1", port: 0 })}`;
    const fetched = vi.spyOn(globalThis, "fetch");
    const names = ["url", "target", "host", "endpoint", "resolver", "TRACE_URL", "TOPOLOGY", "colo"];
    const headers = {
      host: place,
      forwarded: `for=127.0.0.1;host=${place}`,
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-host": place,
      "x-forwarded-proto": "http",
      "x-original-url": `http://${place}/`,
      "x-rewrite-url": "/admin",
      "cf-connecting-ip": "127.0.0.1",
      origin: `http://${place}`,
      referer: `http://${place}/`,
    };
    for (const path of [
      ...paths,
      `//${place}/status`,
      `http://${place}/status`,
      `/status/../..//${place}`,
      "/reports/..%2f..%2fetc",
    ])
      for (const query of ["", ...names.map((name) => `?${name}=http://${place}/`)]) {
        const reply = await send("GET", path + query, headers);
        expect(reply.headers["location"]).toBeUndefined();
        // What must name its own place does, by the name that it was called by.
        const body = published.includes(path) ? reply.body.replaceAll(`http://${place}`, "") : reply.body;
        if (reply.status === 200) expect(body).not.toContain(place);
      }
    const given = asked.flatMap(([, ...rest]) => rest);
    expect(given).toContainEqual({ from: null, to: null });
    const words = given.filter((one) => typeof one !== "object");
    expect(new Set(words)).toEqual(new Set([86_400_000, "hour", "2026-11-22"]));
    expect(fetched).not.toHaveBeenCalled();
    expect(visits).toBe(0);
    fetched.mockRestore();
  });

  test.each(["/status", ...published])("its headers change no byte of %s", async (path) => {
    const headers = {
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "https",
      origin: "https://evil.example",
    };
    expect((await send("GET", path, headers)).body).toBe((await send("GET", path)).body);
  });

  test.each(['"><script>', "a b", "a/b", "user@evil.example", "a\\b"])(
    "a host %o is no name to be called by",
    async (host) => {
      for (const path of published) {
        const { status, body } = await send("GET", path, { host });
        if (status === 200) expect(body).not.toMatch(/<script|evil/);
      }
    },
  );
});

describe("the answers", () => {
  test.each([...paths, "/nothing", "/status?x=1"])("of %s carry every security header of their kind", async (path) => {
    const { headers } = await send("GET", path);
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "strict-transport-security": "max-age=15552000",
    });
    const forDocuments = {
      "content-security-policy":
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": path.startsWith("/badge/") ? "cross-origin" : "same-origin",
    };
    const found = Object.keys(forDocuments).flatMap((name) =>
      headers[name] === undefined ? [] : [[name, headers[name]]],
    );
    const isJson = /^application\/(.+[+])?json$/.test(String(headers["content-type"]));
    expect(Object.fromEntries(found)).toEqual(isJson ? {} : forDocuments);
    expect(headers["cache-control"]).toMatch(/^(no-store|public, max-age=\d+)$/);
    expect(headers["set-cookie"] ?? headers["x-powered-by"] ?? headers["server"]).toBeUndefined();
  });

  test("only /status and what others embed may be read by other sites' pages, and without credentials", async () => {
    const open = [];
    for (const path of paths) {
      const { headers } = await send("GET", path, { origin: "https://other.example" });
      if (headers["access-control-allow-origin"] !== undefined)
        open.push([path, headers["access-control-allow-origin"]]);
      expect(headers["access-control-allow-credentials"]).toBeUndefined();
    }
    expect(open).toEqual(["/status", ...published].map((path) => [path, "*"]));
  });
});
