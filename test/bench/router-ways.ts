// The ways to the upstream that the part "router" compares: none at all, the barest Worker that passes requests on, two that do a
// part of what ours must and nothing else, ours, and two reverse proxies of Debian's. Each with one thread, kept connections on both sides, and no log.
import { spawnSync } from "node:child_process";
import { connect } from "node:net";
import { join } from "node:path";
import { serveWorker } from "../support/workerd-serve.ts";
import { until } from "../support/until.ts";
import type { Belongings } from "./belongings.ts";
import { freePort } from "./exporter.ts";
import { writeInto } from "./files.ts";
import { startProgram } from "./processes.ts";
import { runWrangler } from "./wrangler.ts";

export const WAY_NAMES = ["direct", "bare", "marking", "forwarding", "ours", "nginx", "haproxy"] as const;
export type WayName = (typeof WAY_NAMES)[number];

export interface Way {
  readonly name: WayName;
  readonly port: number;
  /** Of the process between; null: there is none. */
  readonly pid: number | null;
}

export const HOST = "demo.localhost";
const LOOPBACK = "127.0.0.1";
const UNUSED_PORT = 9;
const START_MS_MAX = 20_000;
/** Kept to the upstream; more than the load has. */
const KEPT = 64;

/** In the order of WAY_NAMES; a program that is not here is left out. */
export async function startWays(upstreamPort: number, belongings: Belongings): Promise<readonly Way[]> {
  const direct: Way = { name: "direct", port: upstreamPort, pid: null };
  const passing = await Promise.all(
    Object.entries(PASSING).map(([name, code]) =>
      startWorkerWay(
        name as keyof typeof PASSING,
        writePassingWorker(code, upstreamPort, belongings),
        upstreamPort,
        belongings,
      ),
    ),
  );
  const { folder } = await runWrangler(null, belongings);
  const ours = await startWorkerWay("ours", folder, upstreamPort, belongings);
  const proxies = [await startNginx(upstreamPort, belongings), await startHaproxy(upstreamPort, belongings)];
  return [direct, ...passing, ours, ...proxies.filter((way) => way !== null)];
}

async function startWorkerWay(
  name: "bare" | "marking" | "forwarding" | "ours",
  bundleDir: string,
  upstreamPort: number,
  belongings: Belongings,
): Promise<Way> {
  const texts = { TOPOLOGY: topologyOf(upstreamPort), TRACE_URL: "" };
  const { port, pid, end } = await serveWorker({ bundleDir, texts });
  belongings.add(end);
  return { name, port, pid };
}

/** A reply of `fetch` cannot be changed, so it is made anew, as ours must. */
const MARKING = `(reply) => {
    const marked = new Response(reply.body, reply);
    marked.headers.set("x-served-region", "us-east-1");
    marked.headers.append("server-timing", "region;dur=1");
    marked.headers.append("via", "1.1 demo.localhost");
    return marked;
  }`;

/** Each as cheap as we know to write it: `fetch` with single fields costs less than with a `Request` made of another one. */
const PASSING = {
  /** As little as a Worker can do to pass a request on to another address. */
  bare: "fetch(new Request(upstream + pathOf(request), request))",
  /** And says on the reply who served it. */
  marking: `fetch(upstream + pathOf(request), { method: request.method, headers: request.headers, redirect: "manual" }).then(${MARKING})`,
  /** And tells the region what it must know of the client; it drops nothing that a client claims, and steers nothing. */
  forwarding: `fetch(upstream + pathOf(request), { method: request.method, headers: forwarded(request), redirect: "manual" }).then(${MARKING})`,
};

/** `code` gives the promise of a reply to `request`. */
function writePassingWorker(code: string, upstreamPort: number, belongings: Belongings): string {
  const folder = belongings.makeFolder();
  const text = `import { DurableObject } from "cloudflare:workers";
export class Coordinator extends DurableObject {}
export class Vantage extends DurableObject {}
const upstream = "http://${LOOPBACK}:${upstreamPort}";
const pathOf = ({ url }) => url.slice(url.indexOf("/", 8));
const forwarded = ({ headers }) => {
  const fields = {};
  headers.forEach((value, name) => {
    fields[name] = value;
  });
  fields["via"] = "1.1 demo.localhost";
  fields["x-forwarded-host"] = "demo.localhost";
  fields["x-forwarded-proto"] = "http";
  return fields;
};
export default { fetch: (request) => ${code} };
`;
  writeInto(folder, "index.js", text);
  return folder;
}

/** The second region is never asked. Nothing is probed. */
function topologyOf(upstreamPort: number): string {
  const regionOf = (id: string, address: string, port: number): string =>
    `  - { id: ${id}, region: ${id}, cluster: { context: ${id} }, endpoint: { url: "http://${LOOPBACK}:${port}", addresses: [${address}] } }`;
  return `local: true
service: { name: demo, host: demo.example.com, image: "demo:1" }
regions:
${regionOf("us-east-1", "127.0.10.1", upstreamPort)}
${regionOf("us-west-2", "127.0.10.2", UNUSED_PORT)}
dns:
  zone: example.com
  policy: { routing: failover, primary: us-east-1, secondary: us-west-2 }
  nameServers: ["${LOOPBACK}:9"]
  resolvers: ["http://${LOOPBACK}:9/dns-query"]
router: { mode: proxy, host: ${HOST} }
probe: { intervalSeconds: 3600, vantages: [ { id: enam, hint: enam } ] }
`;
}

async function startNginx(upstreamPort: number, belongings: Belongings): Promise<Way | null> {
  const folder = belongings.makeFolder();
  const port = await freePort();
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((what) => `  ${what}_temp_path ${join(folder, what)};`)
    .join("\n");
  const file = writeInto(
    folder,
    "nginx.conf",
    `daemon off; master_process off; worker_processes 1; pid ${join(folder, "pid")}; error_log /dev/null;
events { worker_connections 512; }
http {
  access_log off;
${temporary}
  keepalive_requests 10000000;
  upstream service { server ${LOOPBACK}:${upstreamPort}; keepalive ${KEPT}; keepalive_requests 10000000; }
  server {
    listen ${LOOPBACK}:${port};
    location / { proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }
}
`,
  );
  return startProxy("nginx", ["-e", "/dev/null", "-c", file], port, belongings);
}

async function startHaproxy(upstreamPort: number, belongings: Belongings): Promise<Way | null> {
  const port = await freePort();
  const file = writeInto(
    belongings.makeFolder(),
    "haproxy.cfg",
    `global
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
listen service
  bind ${LOOPBACK}:${port}
  http-reuse always
  server region ${LOOPBACK}:${upstreamPort} pool-max-conn ${KEPT}
`,
  );
  return startProxy("haproxy", ["-db", "-f", file], port, belongings);
}

/** Null: it is not here. */
async function startProxy(
  name: "nginx" | "haproxy",
  words: readonly string[],
  port: number,
  belongings: Belongings,
): Promise<Way | null> {
  if (spawnSync(name, ["-v"]).error !== undefined) return null;
  const { pid } = startProgram(name, words, belongings);
  await until(`${name} listens`, () => listens(port), START_MS_MAX);
  return { name, port, pid };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, LOOPBACK, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}
