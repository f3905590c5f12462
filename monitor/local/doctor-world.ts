// Whether the local world can run here: workerd, the ports and addresses it listens on, and a place for
// its files. Everything is tried as the local world would do it, and undone at once; nothing leaves loopback.
import { execFile } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DAY_MS, type Instant, toIso } from "../time.ts";
import { INSTALL } from "./doctor-basis.ts";
import { type DoctorRow, missing, present } from "./doctor-row.ts";
import { gateHost } from "./gate-row.ts";
import { closeListener, errorCode, errorText, listenOn } from "./listening.ts";
import { LOCAL_REGIONS_MAX } from "./topology.ts";
import { readLiveWorlds } from "./world-file.ts";

const WORKERD_MS_MAX = 10_000;
const MANIFEST = fileURLToPath(new URL("../../package.json", import.meta.url));

export interface WorldWish {
  /** Of the status page. */
  readonly port: number;
  readonly at: Instant;
}

export async function examineWorld({ port, at }: WorldWish): Promise<readonly DoctorRow[]> {
  return [await workerdRow(), await portRow(port), await loopbackRow(), await temporaryRow(), await clockRow(at)];
}

async function workerdRow(): Promise<DoctorRow> {
  const about = { group: "local world", name: "workerd", neededFor: "the Worker on this machine" } as const;
  try {
    return present(about, await workerdVersion());
  } catch (thrown) {
    const said = errorText(thrown).split("\n")[0] ?? "";
    return missing(about, said, `${INSTALL}; on Linux workerd needs glibc 2.35 or later (Debian 12, Ubuntu 22.04)`);
  }
}

/** Of the one that Miniflare would start. */
async function workerdVersion(): Promise<string> {
  const found: unknown = createRequire(import.meta.resolve("miniflare"))("workerd");
  const named = typeof found === "object" && found !== null && "default" in found ? found.default : found;
  const path = process.env["MINIFLARE_WORKERD_PATH"] ?? String(named);
  return await new Promise<string>((resolve, reject) => {
    execFile(path, ["--version"], { timeout: WORKERD_MS_MAX, encoding: "utf8" }, (error, stdout) => {
      if (error === null) resolve(stdout.trim());
      else reject(error);
    });
  });
}

export async function portRow(port: number): Promise<DoctorRow> {
  const about = { group: "local world", name: `port ${port}`, neededFor: "the status page of monitor up" } as const;
  const problem = await listenProblem("127.0.0.1", port);
  if (problem === null) return present(about, "free");
  const worlds = await readLiveWorlds();
  if (worlds.some((world) => world.port === port)) return present(about, "a local world of yours runs there");
  return missing(about, problem, `npm start -- --port ${port + 1}, or end what listens there`);
}

/** By TCP for the gates; by UDP for the name server, which is on 127.0.0.1. */
async function loopbackRow(): Promise<DoctorRow> {
  const hosts = Array.from({ length: LOCAL_REGIONS_MAX }, (_, index) => gateHost(index + 1));
  const range = `${gateHost(1)} to ${gateHost(LOCAL_REGIONS_MAX)}`;
  const about = { group: "local world", name: "loopback addresses", neededFor: "an address for each region" } as const;
  const found = await Promise.all(hosts.map(async (host) => ({ host, problem: await listenProblem(host, 0) })));
  const bad = found.filter(({ problem }) => problem !== null);
  const udp = await datagramProblem();
  if (bad.length === 0 && udp === null) return present(about, `${range}, and UDP on 127.0.0.1`);
  if (bad.length === 0)
    return missing(about, `UDP on 127.0.0.1: ${udp}`, "allow UDP on loopback in this machine's firewall");
  const fix = bad.map(({ host }) => `sudo ifconfig lo0 alias ${host} up`).join(" && ");
  return missing(about, `${bad.map(({ host }) => host).join(", ")}: ${bad[0]?.problem ?? ""}`, `on macOS: ${fix}`);
}

/** Null: one can listen there. */
async function listenProblem(host: string, port: number): Promise<string | null> {
  const server = createServer();
  try {
    await listenOn(server, { host, port });
    return null;
  } catch (thrown) {
    return errorCode(thrown) === "EADDRINUSE" ? "taken" : errorText(thrown);
  } finally {
    await closeListener(server);
  }
}

async function datagramProblem(): Promise<string | null> {
  const socket = createSocket("udp4");
  try {
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    return null;
  } catch (thrown) {
    return errorText(thrown);
  } finally {
    socket.close();
  }
}

async function temporaryRow(): Promise<DoctorRow> {
  const about = { group: "local world", name: "temporary files", neededFor: "storage of the local world" } as const;
  try {
    const dir = await mkdtemp(join(tmpdir(), "multicloud-probe-doctor-"));
    try {
      await writeFile(join(dir, "written"), "");
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
    return present(about, `${tmpdir()} is writable`);
  } catch (thrown) {
    return missing(about, errorText(thrown), "set TMPDIR to a directory that you can write to");
  }
}

/** A machine without network cannot compare clocks; but it was never earlier than the files it holds. */
async function clockRow(at: Instant): Promise<DoctorRow> {
  const about = { group: "local world", name: "clock", neededFor: "certificates and times in reports" } as const;
  const { mtimeMs } = await stat(MANIFEST);
  return at >= mtimeMs - DAY_MS
    ? present(about, `${toIso(at)}, not compared with any other`)
    : missing(about, `${toIso(at)}, before this package was written`, "set the clock: timedatectl set-ntp true");
}
