// Servers that answer as the service of the first example region does, `GET /` with its claim and any other path with its
// health, each with one thing wrong: for what can be wrong with a region although HTTP is in order.
import type { Socket } from "node:net";
import type { RegionFault } from "../contract/fault-addresses.ts";
import { AWS, GCP } from "./example-topology.ts";
import { after, head, SLOW_STEP_MS } from "./fault-server-replies.ts";

const STALE_MS = 3_600_000;
/** Route 53 searches the first 5,120 bytes of a body (Developer Guide, "SearchString"). */
const PADDING = "x".repeat(5120);

function json(body: object): string {
  const text = JSON.stringify(body);
  const headers = ["content-type: application/json", `content-length: ${Buffer.byteLength(text)}`, "connection: close"];
  return head("200 OK", headers) + text;
}

function claim(change: object, { region, cluster } = AWS): object {
  const time = new Date().toISOString();
  return { region, hostname: "pod-1", podIP: "10.42.1.23", time, cluster: cluster.context, version: "1", ...change };
}

function serve(socket: Socket, path: string, body: object): void {
  socket.end(json(path === "/" ? body : { status: "ok" }));
}

export const REGION_REPLIES: Readonly<Record<RegionFault, (socket: Socket, path: string) => void>> = {
  "region-open": (socket, path) => serve(socket, path, claim({})),
  "region-other": (socket, path) => serve(socket, path, claim({}, GCP)),
  "region-slow": (socket, path) => after(socket, SLOW_STEP_MS, () => serve(socket, path, claim({}))),
  "wrong-cluster": (socket, path) => serve(socket, path, claim({ cluster: GCP.cluster.context })),
  "stale-claim": (socket, path) => serve(socket, path, claim({ time: new Date(Date.now() - STALE_MS).toISOString() })),
  "no-claim": (socket, path) => serve(socket, path, { welcome: "to our service" }),
  "late-region": (socket, path) => {
    socket.end(json({ padding: PADDING, ...(path === "/" ? claim({}) : { status: "ok", region: AWS.region }) }));
  },
  "redirect-loop": (socket, path) => {
    const headers = [`location: ${path}`, "content-length: 0", "connection: close", `x-region: ${AWS.region}`];
    socket.end(head("302 Found", headers));
  },
};
