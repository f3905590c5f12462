// Requests that no well-meaning client sends, on raw sockets through the production bundle in workerd: each is refused or passed
// on unchanged, none reaches anything but a region of the topology, and none is believed about where it comes from.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ask, HOST, type RouterWorld, sendRaw, startRouter } from "./router-world.ts";

let world: RouterWorld;
beforeAll(async () => {
  world = await startRouter(`mode: proxy, host: ${HOST}, affinity: {}`, {
    AFFINITY_SECRET: "a-secret-of-27-characters..",
  });
});
afterAll(() => world.end());
beforeEach(() => {
  world.east.arrivals.length = 0;
  world.west.arrivals.length = 0;
});

const REST = `Connection: close\r\n\r\n`;

describe("where a request goes is not the client's choice", () => {
  test.each([
    {
      name: "an absolute target on another host",
      bytes: `GET http://evil.example/x HTTP/1.1\r\nHost: ${HOST}\r\n${REST}`,
      target: "/x",
    },
    {
      name: "a target that looks like an authority",
      bytes: `GET //evil.example/x HTTP/1.1\r\nHost: ${HOST}\r\n${REST}`,
      target: "//evil.example/x",
    },
    {
      name: "a URL inside of the path",
      bytes: `GET /http://evil.example/ HTTP/1.1\r\nHost: ${HOST}\r\n${REST}`,
      target: "/http://evil.example/",
    },
    {
      name: "a URL inside of the query",
      bytes: `GET /?url=http://evil.example/ HTTP/1.1\r\nHost: ${HOST}\r\n${REST}`,
      target: "/?url=http://evil.example/",
    },
    // What a URL parser makes of dots and backslashes is the runtime's, and the same for every Worker.
    {
      name: "a path that climbs",
      bytes: `GET /a/../../../b?x=1 HTTP/1.1\r\nHost: ${HOST}\r\n${REST}`,
      target: "/b?x=1",
    },
    {
      name: "a path that climbs in disguise",
      bytes: `GET /a/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: ${HOST}\r\n${REST}`,
      target: "/etc/passwd",
    },
    {
      name: "slashes in disguise",
      bytes: `GET /a%2f..%2f..%5cb HTTP/1.1\r\nHost: ${HOST}\r\n${REST}`,
      target: "/a%2f..%2f..%5cb",
    },
    {
      name: "a host in other letters, with a final dot and a port",
      bytes: `GET /x HTTP/1.1\r\nHost: DEMO.localhost.:99\r\n${REST}`,
      target: "/x",
    },
  ])("$name is a path at the region", async ({ bytes, target }) => {
    const reply = await sendRaw(world.worker.port, bytes);
    expect([reply.status, reply.headers["x-served-region"]]).toEqual([200, "east"]);
    expect(world.east.arrivals.map((arrival) => arrival.target)).toEqual([target]);
    expect(world.east.arrivals[0]?.headers["host"]).toBe(`127.0.0.1:${world.east.port}`);
  });

  test.each([
    { name: "no host at all", bytes: `GET / HTTP/1.1\r\n${REST}`, status: 400 },
    { name: "two hosts", bytes: `GET / HTTP/1.1\r\nHost: ${HOST}\r\nHost: evil.example\r\n${REST}`, status: 400 },
    {
      name: "a target without a slash",
      bytes: `GET @evil.example/x HTTP/1.1\r\nHost: ${HOST}\r\n${REST}`,
      status: 400,
    },
    {
      name: "our name as somebody's password",
      bytes: `GET /x HTTP/1.1\r\nHost: ${HOST}@evil.example\r\n${REST}`,
      status: 404,
    },
    {
      name: "our name before another one",
      bytes: `GET /x HTTP/1.1\r\nHost: ${HOST}.evil.example\r\n${REST}`,
      status: 404,
    },
    { name: "our name after another one", bytes: `GET /x HTTP/1.1\r\nHost: evil.${HOST}\r\n${REST}`, status: 404 },
    {
      name: "an absolute target here, and a host elsewhere",
      bytes: `GET http://${HOST}/x HTTP/1.1\r\nHost: evil.example\r\n${REST}`,
      status: 404,
    },
    { name: "a tunnel", bytes: `CONNECT evil.example:80 HTTP/1.1\r\nHost: ${HOST}\r\n${REST}`, status: 500 },
    { name: "a request that asks to be shown", bytes: `TRACE / HTTP/1.1\r\nHost: ${HOST}\r\n${REST}`, status: 501 },
    { name: "a method that nobody knows", bytes: `FOO / HTTP/1.1\r\nHost: ${HOST}\r\n${REST}`, status: 501 },
    {
      name: "a request that has passed here before",
      bytes: `GET / HTTP/1.1\r\nVia: 1.0 x, 1.1 ${HOST}\r\nHost: ${HOST}\r\n${REST}`,
      status: 508,
    },
    { name: "a line that is no request", bytes: `\u0000\u0001 nonsense\r\n\r\n`, status: 400 },
    { name: "a header without a name", bytes: `GET / HTTP/1.1\r\n: x\r\nHost: ${HOST}\r\n${REST}`, status: 400 },
  ])("$name reaches no region", async ({ bytes, status }) => {
    const reply = await sendRaw(world.worker.port, bytes);
    expect(reply.status).toBe(status);
    expect([...world.east.arrivals, ...world.west.arrivals]).toEqual([]);
  });
});

describe("what a client says of itself is not passed on as ours", () => {
  test("forwarding headers are overwritten or dropped, whatever their case", async () => {
    await ask(world, {
      headers: [
        "X-Forwarded-For: 6.6.6.6",
        "x-forwarded-FOR: 6.6.6.7",
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-Proto: gopher",
        "X-Forwarded-Port: 1",
        "X-Forwarded-Anything: x",
        "Forwarded: for=6.6.6.6;host=evil.example",
        "X-Real-IP: 6.6.6.6",
        "True-Client-IP: 6.6.6.6",
        "CF-IPCountry: XX",
        "CF-Worker: evil.example",
        "X-Served-Region: elsewhere",
      ],
    });
    const [arrival] = world.east.arrivals;
    const told = Object.entries(arrival?.headers ?? {}).filter(([name]) => !["host", "connection"].includes(name));
    expect(Object.fromEntries(told)).toEqual({
      via: `1.1 ${HOST}`,
      "x-forwarded-host": HOST,
      "x-forwarded-proto": "http",
    });
  });

  test("headers of the connection stay on it, those that it names included", async () => {
    const head = [
      "GET / HTTP/1.1",
      `Host: ${HOST}`,
      "Connection: close, X-Secret, te",
      "X-Secret: 1",
      "X-Kept: 2",
      "TE: trailers",
      "Keep-Alive: timeout=5",
      "Proxy-Authorization: Basic eDp5",
      "Proxy-Connection: keep-alive",
    ];
    await sendRaw(world.worker.port, `${head.join("\r\n")}\r\n\r\n`);
    const names = Object.keys(world.east.arrivals[0]?.headers ?? {});
    expect(names.filter((name) => /secret|kept|^te$|keep-alive|proxy/.test(name))).toEqual(["x-kept"]);
  });

  test("an upgrade to a protocol that nobody speaks is not asked for at the region, and the request is served without it", async () => {
    const bytes = `GET /up HTTP/1.1\r\nHost: ${HOST}\r\nUpgrade: nonsense/7\r\nConnection: upgrade, close\r\n\r\n`;
    const reply = await sendRaw(world.worker.port, bytes);
    expect([reply.status, reply.headers["x-served-region"]]).toEqual([200, "east"]);
    expect(world.east.arrivals[0]?.headers["upgrade"]).toBeUndefined();
  });
});

describe("cookies", () => {
  const cookieOf = (reply: Awaited<ReturnType<typeof ask>>): string =>
    [reply.headers["set-cookie"] ?? ""].flat().find((one) => one.startsWith("region=")) ?? "";

  test.each([
    ["none that is ours", "a=b"],
    ["an empty one", "region="],
    ["one without a value", "region"],
    ["a region without a seal", "region=west"],
    ["a forged seal", "region=west.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"],
    ["a region that is not there", "region=north.x"],
    ["the name of a property", "region=__proto__; region=constructor"],
    ["nonsense", ";;=; =x; ;region;=;\u00ff"],
    ["a hundred and more", Array.from({ length: 200 }, (_, n) => `c${n}=1`).join("; ")],
  ])("%s moves nobody, and a good one is given", async (_name, cookie) => {
    const reply = await ask(world, { headers: [`Cookie: ${cookie}`] });
    expect([reply.status, reply.headers["x-served-region"]]).toEqual([200, "east"]);
    expect(cookieOf(reply)).toMatch(
      /^region=east[.][A-Za-z0-9_-]{43}; Path=\/; Max-Age=82800; HttpOnly; SameSite=Lax$/,
    );
  });

  test("a seal of another region does not fit", async () => {
    const seal = /^region=east([.][^;]+)/.exec(cookieOf(await ask(world)))?.[1] ?? "";
    const reply = await ask(world, { headers: [`Cookie: region=west${seal}`] });
    expect(reply.headers["x-served-region"]).toBe("east");
  });

  test("one that is good is not given again, among whatever others", async () => {
    const [pair = ""] = cookieOf(await ask(world)).split(";");
    const reply = await ask(world, { headers: [`Cookie: region=bad; a=b;${pair} ; c`] });
    expect(cookieOf(reply)).toBe("");
  });
});

describe("size", () => {
  test("long headers are the region's to refuse", async () => {
    const reply = await ask(world, { headers: [`X-Long: ${"a".repeat(60_000)}`] });
    // Node's server, which is the region here, takes 16 KB.
    expect([reply.status, reply.headers["x-served-region"]]).toEqual([431, "east"]);
  });

  test("a body that says two lengths is refused before it is passed on", async () => {
    const bytes = `POST / HTTP/1.1\r\nHost: ${HOST}\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\nConnection: close\r\n\r\n0\r\n\r\n`;
    const reply = await sendRaw(world.worker.port, bytes);
    expect([400, 200]).toContain(reply.status);
    // Had it been passed on with both, the region could have read another request out of it.
    expect(
      world.east.arrivals.every(
        ({ headers }) => headers["content-length"] === undefined || headers["transfer-encoding"] === undefined,
      ),
    ).toBe(true);
  });
});
