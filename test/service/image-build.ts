// Runs the steps of the Dockerfile by hand, with its own words: the copies and the bundling in a build directory, and the
// result alone in a directory that nobody may write, run by the image's user where we may change users.
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, globSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { contextCopies, execWords, restsOf, ROOT, stageNamed } from "./dockerfile.ts";
import type { Launch } from "./service-process.ts";

const NODE_IN_IMAGE = "/nodejs/bin/node";
const BUNDLE_MS_MAX = 30_000;

export interface BuiltImage {
  readonly directory: string;
  /** What esbuild had to complain about. */
  readonly complaints: string;
  /** How the image would start these words, which are those of its ENTRYPOINT or HEALTHCHECK. */
  readonly launch: (words: readonly string[], nodeOptions?: readonly string[]) => Launch;
  /** The ENV lines of the final stage. */
  readonly env: NodeJS.ProcessEnv;
}

export const buildStage = stageNamed("service-bundle");
export const imageStage = stageNamed("service");
export const entrypoint = execWords(restsOf(imageStage, "ENTRYPOINT")[0]);
export const healthcheck = execWords(restsOf(imageStage, "HEALTHCHECK")[0]);
const bundleCommand = restsOf(buildStage, "RUN").find((rest) => rest.includes("esbuild")) ?? "";
/** Where the build stage leaves the bundle, and where the final stage has it. */
export const bundlePath = / --outfile=(\S+)/.exec(bundleCommand)?.[1] ?? "";
export const [imagePath = ""] = restsOf(imageStage, "COPY").map((rest) => rest.split(" ").at(-1) ?? "");

/** Everything is below `root`, which `removeImage` takes away however far the build came. */
export function buildImage(root: string): BuiltImage {
  const directory = join(root, "app");
  const bundle = join(directory, basename(imagePath));
  const complaints = runBundling(join(root, "build"), bundle);
  const user = imageUser();
  const local = new Map([
    [NODE_IN_IMAGE, reachableNode(root, user)],
    [imagePath, bundle],
  ]);
  const here = (word: string): string => local.get(word) ?? word;
  chmodSync(root, 0o755);
  chmodSync(bundle, 0o444);
  chmodSync(directory, 0o555);
  return {
    directory,
    complaints,
    launch: ([command = "", ...args], nodeOptions = []) => ({
      command: here(command),
      args: [...nodeOptions, ...args.map(here)],
      options: { cwd: directory, ...user },
    }),
    env: Object.fromEntries(restsOf(imageStage, "ENV").map((rest) => rest.split("=", 2) as [string, string])),
  };
}

export function removeImage(root: string): void {
  const directory = join(root, "app");
  if (existsSync(directory)) chmodSync(directory, 0o755);
  rmSync(root, { recursive: true });
}

/** Returns what esbuild complains about. */
function runBundling(context: string, bundle: string): string {
  copyContext(context);
  const command = bundleCommand.replace(bundlePath, bundle);
  const { stderr, status } = spawnSync("sh", ["-c", command], {
    cwd: context,
    encoding: "utf8",
    timeout: BUNDLE_MS_MAX,
  });
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
  rmSync(context, { recursive: true });
  return stderr;
}

/** Every file that the build stage copies; the packages that it installs are those installed here. */
function copyContext(context: string): void {
  mkdirSync(context);
  for (const { sources, target } of contextCopies(buildStage)) {
    mkdirSync(join(context, target), { recursive: true });
    for (const path of copiedFiles(sources)) copyFileSync(join(ROOT, path), join(context, target, basename(path)));
  }
  symlinkSync(join(ROOT, "node_modules"), join(context, "node_modules"));
}

export function copiedFiles(sources: readonly string[]): readonly string[] {
  return sources.flatMap((source) => globSync(source, { cwd: ROOT }));
}

function imageUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = (restsOf(imageStage, "USER").at(-1) ?? "").split(":").map(Number);
  return uid === undefined || gid === undefined ? {} : { uid, gid };
}

/** Our own Node, or a copy of it where another user may not enter its directory. */
function reachableNode(root: string, user: { uid?: number; gid?: number }): string {
  try {
    execFileSync(process.execPath, ["--version"], { ...user, cwd: "/", stdio: "ignore" });
    return process.execPath;
  } catch {
    const copy = join(root, "node");
    copyFileSync(process.execPath, copy);
    return copy;
  }
}
