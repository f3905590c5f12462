// How `monitor gate` and drills find a running local world: one small file per world, in a directory that only its owner
// can enter, because the token in it lets the reader break things.
import { randomBytes } from "node:crypto";
import { chmod, lstat, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { WEBHOOK_SECRET } from "../topology/alert-schema.ts";
import { errorCode } from "./listening.ts";

/** Files looked at; nobody runs this many worlds. */
const FILES_MAX = 256;
const FILE_BYTES_MAX = 4096;

const SECRET = z.string().regex(/^[0-9a-f]{64}$/);
const WORLD_FILE = z.strictObject({
  pid: z.int().positive(),
  statusUrl: z.url(),
  controlUrl: z.url(),
  token: SECRET,
  /** Of the services' `/drain`; left out by worlds of an earlier version, which have none. */
  drainToken: z.optional(SECRET),
  /** Of the private vantage; left out where there is none. */
  vantageSecret: z.optional(z.string().regex(WEBHOOK_SECRET)),
});

/** `statusUrl` and `controlUrl` are origins with a final slash at most. */
export type WorldFile = z.infer<typeof WORLD_FILE>;

export interface FoundWorld extends WorldFile {
  /** The public port, by which people name a world. */
  readonly port: number;
}

export function worldDir(): string {
  return join(tmpdir(), `multicloud-probe-${userInfo().uid}`);
}

export function worldFilePath(port: number): string {
  return join(worldDir(), `${port}.json`);
}

/** Creates the directory with mode 0700, or rejects when the one that is there is not ours alone. */
export async function ensureWorldDir(): Promise<string> {
  const dir = worldDir();
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const found = await lstat(dir);
  if (!found.isDirectory() || found.uid !== userInfo().uid)
    throw new Error(`${dir} belongs to someone else: remove it`);
  if ((found.mode & 0o077) !== 0) await chmod(dir, 0o700);
  return dir;
}

/** Written beside its place and moved there, so that no reader sees half of it. Gives the path. */
export async function writeWorldFile(port: number, world: WorldFile): Promise<string> {
  const dir = await ensureWorldDir();
  const path = worldFilePath(port);
  const draft = join(dir, `.${port}.${randomBytes(6).toString("hex")}`);
  await writeFile(draft, `${JSON.stringify(world)}\n`, { mode: 0o600, flag: "wx" });
  await rename(draft, path);
  return path;
}

/** Worlds whose process lives, by port; files of dead ones and files that cannot be read are removed. */
export async function readLiveWorlds(): Promise<readonly FoundWorld[]> {
  const dir = worldDir();
  const names = await readdir(dir).catch(() => []);
  const ports = names.flatMap((name) => (/^\d{1,5}\.json$/.test(name) ? [Number.parseInt(name, 10)] : []));
  const found: FoundWorld[] = [];
  for (const port of ports.toSorted((a, b) => a - b).slice(0, FILES_MAX)) {
    const world = await readWorldFile(worldFilePath(port));
    if (world !== null && isAlive(world.pid)) found.push({ ...world, port });
    else await rm(worldFilePath(port), { force: true });
  }
  return found;
}

async function readWorldFile(path: string): Promise<WorldFile | null> {
  try {
    const { size, uid } = await lstat(path);
    if (size > FILE_BYTES_MAX || uid !== userInfo().uid) return null;
    const parsed = WORLD_FILE.safeParse(JSON.parse(await readFile(path, "utf8")));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Signal 0 only asks; a process of someone else is alive too. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}
