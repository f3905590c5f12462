// What the router does with requests: where they go, when they go elsewhere, and what it says of that; over real sockets.
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { until } from "../support/until.ts";
import { ask, askMonitor, HOST, type RouterWorld, startRouter } from "./router-world.ts";

interface Row {
  readonly router?: {
    readonly regions: readonly {
      readonly id: string;
      readonly served: number;
      readonly suspectedBy: number;
      readonly mismatch: { readonly claimed: string } | null;
    }[];
    readonly failOpen: boolean;
    readonly requests: number;
  };
}

async function statusOf(world: RouterWorld): Promise<Row> {
  return JSON.parse((await askMonitor(world, "GET", "/status")).body) as Row;
}

describe("proxy", () => {
  let world: RouterWorld;
  beforeAll(async () => {
    world = await startRouter(`mode: proxy, host: ${HOST}, retry: { waitMs: 300 }`);
  });
  afterAll(() => world.end());
  beforeEach(async () => {
    for (const one of [world.east, world.west]) {
      one.play(null);
      one.arrivals.length = 0;
    }
    // Breakers that an earlier test opened close with the next good reply.
    await until("east serves", async () => (await ask(world)).headers["x-served-region"] === "east");
    for (const one of [world.east, world.west]) one.arrivals.length = 0;
  });

  test("a reply says who served it", async () => {
    const reply = await ask(world, { path: "/a?b=c" });
    expect([reply.status, reply.headers["x-served-region"], reply.headers["via"]]).toEqual([
      200,
      "east",
      `1.1 ${HOST}`,
    ]);
    expect(reply.headers["server-timing"]).toMatch(/^region;desc="east";dur=\d+$/);
    expect(reply.headers["x-router"]).toBeUndefined();
    expect(world.east.arrivals[0]).toMatchObject({ method: "GET", target: "/a?b=c" });
  });

  test("/status tells how many requests each region served", async () => {
    const served = async (): Promise<number> => {
      await ask(world);
      return (await statusOf(world)).router?.regions.find(({ id }) => id === "east")?.served ?? 0;
    };
    await until("what the isolate counted is told", async () => (await served()) > 0, 20_000);
  });

  test("every other name shows the monitor's faces", async () => {
    const reply = await ask(world, { host: "monitor.example.com", path: "/openapi.json" });
    expect(reply.body).toContain('"openapi":"3.1.0"');
    expect(world.east.arrivals).toEqual([]);
  });

  test.each(["GET", "HEAD", "OPTIONS"])("%s goes elsewhere when the region answers 503", async (method) => {
    world.east.play((response) => void response.writeHead(503).end("busy"));
    const reply = await ask(world, { method });
    expect([reply.status, reply.headers["x-served-region"], reply.headers["x-router"]]).toEqual([
      200,
      "west",
      "retried",
    ]);
  });

  test("GET goes elsewhere when the connection breaks before a reply", async () => {
    world.east.play((response) => response.destroy());
    const reply = await ask(world);
    expect([reply.status, reply.headers["x-served-region"], reply.headers["x-router"]]).toEqual([
      200,
      "west",
      "retried",
    ]);
  });

  test("GET goes elsewhere when nothing at all comes from the region", async () => {
    world.east.play(() => {});
    const reply = await ask(world);
    expect([reply.status, reply.headers["x-served-region"], reply.headers["x-router"]]).toEqual([
      200,
      "west",
      "retried",
    ]);
  });

  test.each(["POST", "PUT", "PATCH", "DELETE"])(
    "%s that the region answered with 503 is not sent twice",
    async (method) => {
      world.east.play((response) => void response.writeHead(503).end("busy"));
      const reply = await ask(world, { method, body: "order" });
      expect([reply.status, reply.headers["x-served-region"], reply.body.includes("busy")]).toEqual([
        503,
        "east",
        true,
      ]);
      expect(world.west.arrivals).toEqual([]);
    },
  );

  test("POST whose connection broke is not sent twice: it may have done its work", async () => {
    world.east.play((response) => response.destroy());
    const reply = await ask(world, { method: "POST", body: "order" });
    expect([reply.status, world.west.arrivals]).toEqual([502, []]);
  });

  test.each(["POST", "PATCH"])("%s is not sent twice when its region dies at work on it", async (method) => {
    world.east.play(() => void world.east.close());
    try {
      const reply = await ask(world, { method, body: "order" });
      expect([reply.status, world.east.arrivals.length, world.west.arrivals]).toEqual([502, 1, []]);
    } finally {
      await world.east.open();
    }
  });

  test.each(["PUT", "DELETE"])("%s goes elsewhere, whole, when the region cannot be reached", async (method) => {
    await world.east.close();
    try {
      const reply = await ask(world, { method, body: "order" });
      expect([reply.status, reply.headers["x-served-region"]]).toEqual([200, "west"]);
      expect(world.west.arrivals).toMatchObject([{ method, body: "order" }]);
    } finally {
      await world.east.open();
    }
  });

  test.each([521, 522, 523, 525, 526, 530])(
    "POST goes elsewhere when Cloudflare answers %i in the region's name: it was never reached",
    async (status) => {
      world.east.play((response) => {
        response.removeHeader("x-region");
        response.writeHead(status).end("error code: 1016");
      });
      const reply = await ask(world, { method: "POST", body: "order" });
      expect([reply.status, reply.headers["x-served-region"]]).toEqual([200, "west"]);
    },
  );

  test.each([520, 524])("POST is not sent twice after %i: the region may have worked on it", async (status) => {
    world.east.play((response) => {
      response.removeHeader("x-region");
      response.writeHead(status).end();
    });
    const reply = await ask(world, { method: "POST", body: "order" });
    expect([reply.status, world.west.arrivals]).toEqual([status, []]);
  });

  test("a 521 of the service itself is its own", async () => {
    world.east.play((response) => void response.writeHead(521).end());
    const reply = await ask(world);
    expect([reply.status, reply.headers["x-served-region"]]).toEqual([521, "east"]);
  });

  test("POST with a large body is sent once", async () => {
    await world.east.close();
    try {
      const reply = await ask(world, { method: "POST", body: "x".repeat(100_000) });
      expect([reply.status, world.west.arrivals]).toEqual([502, []]);
    } finally {
      await world.east.open();
    }
  });

  test("a reply that every region gives is the application's, and is passed on", async () => {
    for (const one of [world.east, world.west]) one.play((response) => void response.writeHead(503).end("busy"));
    const reply = await ask(world);
    expect([reply.status, reply.body.includes("busy"), reply.headers["x-router"]]).toEqual([503, true, "retried"]);
    for (const one of [world.east, world.west]) one.play(null);
    // And it opened no breaker, however often.
    expect((await ask(world)).headers["x-served-region"]).toBe("east");
  });

  test("an error of the application's own is passed on", async () => {
    world.east.play((response) => void response.writeHead(500).end("bug"));
    const reply = await ask(world);
    expect([reply.status, reply.headers["x-served-region"], reply.headers["x-router"]]).toEqual([
      500,
      "east",
      undefined,
    ]);
  });

  test("a redirect is the client's to follow", async () => {
    world.east.play((response) => void response.writeHead(302, { location: "https://elsewhere.example/" }).end());
    const reply = await ask(world);
    expect([reply.status, reply.headers["location"]]).toEqual([302, "https://elsewhere.example/"]);
  });

  test("after three failures the region is left alone, and comes back by itself", async () => {
    world.east.play((response) => response.destroy());
    for (let request = 0; request < 3; request += 1) await ask(world);
    const before = world.east.arrivals.length;
    for (let request = 0; request < 5; request += 1) {
      const reply = await ask(world);
      expect([reply.status, reply.headers["x-served-region"]]).toEqual([200, "west"]);
    }
    // One of them may have been its trial.
    expect(world.east.arrivals.length - before).toBeLessThanOrEqual(1);
    world.east.play(null);
    await until("east is back", async () => (await ask(world)).headers["x-served-region"] === "east", 20_000);
  });

  test("when no region can be reached it says so, and names none", async () => {
    await Promise.all([world.east.close(), world.west.close()]);
    try {
      const reply = await ask(world);
      expect([reply.status, reply.headers["x-served-region"]]).toEqual([502, undefined]);
      expect(reply.body).toContain("no region could be reached");
      expect(`${reply.body}${JSON.stringify(reply.headers)}`).not.toContain("127.0.0.1");
    } finally {
      await Promise.all([world.east.open(), world.west.open()]);
    }
  });
});

describe("drains", () => {
  let world: RouterWorld;
  beforeAll(async () => {
    world = await startRouter(`mode: proxy, host: ${HOST}, affinity: { drainSeconds: 3600 }`, {
      AFFINITY_SECRET: "a-secret-of-27-characters..",
    });
  });
  afterAll(() => world.end());

  test("move new clients within seconds, keep old ones, and end", async () => {
    const first = await ask(world);
    const cookie = String([first.headers["set-cookie"] ?? ""].flat()[0]).split(";")[0] ?? "";
    expect(cookie).toMatch(/^region=east[.]/);
    const drained = await askMonitor(world, "PUT", "/v1/drains/east", { seconds: 600, reason: "new kernel" });
    expect([drained.status, JSON.parse(drained.body)]).toMatchObject([
      200,
      { drain: { region: "east", kind: "drain" } },
    ]);
    await until("west serves", async () => (await ask(world)).headers["x-served-region"] === "west", 20_000);
    expect((await ask(world, { headers: [`Cookie: ${cookie}`] })).headers["x-served-region"]).toBe("east");
    expect((await askMonitor(world, "GET", "/v1/audit")).body).toContain("new kernel");
    expect((await askMonitor(world, "DELETE", "/v1/drains/east")).status).toBe(200);
    await until("east serves", async () => (await ask(world)).headers["x-served-region"] === "east", 20_000);
  });

  test("of regions that are not there, and in other words, are refused", async () => {
    expect((await askMonitor(world, "PUT", "/v1/drains/north", { seconds: 60 })).status).toBe(404);
    expect((await askMonitor(world, "PUT", "/v1/drains/east", { minutes: 1 })).status).toBe(400);
    expect(
      (await ask(world, { method: "PUT", path: "/v1/drains/east", host: "monitor.example.com", body: "{}" })).status,
    ).toBe(401);
  });

  test("a reply that claims another region is told in /status", async () => {
    world.east.play((response) => void response.setHeader("x-region", "mars-1").end("?"));
    await until(
      "the claim is told",
      async () => {
        for (let request = 0; request < 16; request += 1) await ask(world);
        return (await statusOf(world)).router?.regions[0]?.mismatch?.claimed === "mars-1";
      },
      20_000,
    );
    world.east.play(null);
  });
});

describe("health as the vantages see it", () => {
  let world: RouterWorld;
  const sick = (response: ServerResponse, request: IncomingMessage): void => {
    response.statusCode = request.url === "/healthz" ? 503 : 200;
    response.end("well");
  };
  beforeAll(async () => {
    world = await startRouter(`mode: proxy, host: ${HOST}`, {}, 0.2);
  });
  afterAll(() => world.end());

  test("moves requests without one of them failing, and opens when all are down", async () => {
    world.east.play(sick);
    const served = async (): Promise<readonly [unknown, unknown]> => {
      const { headers } = await ask(world);
      return [headers["x-served-region"], headers["x-router"]];
    };
    // Not by a retry: on a busy machine the east may answer too late once.
    await until("west serves at once", async () => String(await served()) === "west,", 20_000);
    world.west.play(sick);
    await until("it fails open", async () => (await served())[1] === "fail-open", 20_000);
    expect(await served()).toEqual(["east", "fail-open"]);
    await until("/status says so", async () => (await statusOf(world)).router?.failOpen === true, 20_000);
  });
});

describe("redirect", () => {
  let world: RouterWorld;
  beforeAll(async () => {
    world = await startRouter(`mode: redirect, host: ${HOST}`);
  });
  afterAll(() => world.end());

  test("sends the client to the region's own endpoint, path and query kept, and is not kept itself", async () => {
    for (const method of ["GET", "POST"]) {
      const reply = await ask(world, { method, path: "/a//b?c=d&e" });
      expect([reply.status, reply.headers["location"]]).toEqual([
        307,
        `http://127.0.0.1:${world.east.port}/a//b?c=d&e`,
      ]);
      expect([reply.headers["cache-control"], reply.headers["x-served-region"]]).toEqual(["no-store", "east"]);
    }
    expect(world.east.arrivals).toEqual([]);
  });

  test("/status and /metrics tell how often each region was named", async () => {
    const named = async (): Promise<readonly number[]> => {
      await ask(world);
      return (await statusOf(world)).router?.regions.map(({ served }) => served) ?? [];
    };
    await until("what the isolate counted is told", async () => ((await named())[0] ?? 0) > 1, 20_000);
    expect((await named())[1]).toBe(0);
    const { body } = await askMonitor(world, "GET", "/metrics");
    expect(body).toMatch(/^edge_router_served_total\{region="east"\} [1-9]/m);
  });

  test("a path that looks like an authority stays a path", async () => {
    const reply = await ask(world, { path: "//evil.example/" });
    expect(reply.headers["location"]).toBe(`http://127.0.0.1:${world.east.port}//evil.example/`);
  });
});
