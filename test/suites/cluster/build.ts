// Makes the programs of real clusters from the small Go modules beside this file: upstream's own code, by its published
// modules. They are kept outside the tree under a name that changes with everything they are made of.
import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { findGo, runGo } from "./go.ts";

const LOOK_MS_MAX = 5 * 60_000;
/** Under a step's own limit: a machine that is too slow for this skips the suite, and nothing fails. */
const BUILD_MS_MAX: Readonly<Record<ProgramName, number>> = { kubernetes: 8 * 60_000, kubefed: 4 * 60_000 };
const PARALLEL = "2";
const VERSION_PACKAGE = "k8s.io/component-base/version";

export type ProgramName = "kubernetes" | "kubefed";

/** What the linker is told: a Kubernetes that does not know its version answers v0.0.0, which clients do not believe. */
const FLAGS: Readonly<Record<ProgramName, string>> = {
  kubernetes: `-s -w -X ${VERSION_PACKAGE}.gitVersion=v1.36.3 -X ${VERSION_PACKAGE}.gitMajor=1 -X ${VERSION_PACKAGE}.gitMinor=36`,
  kubefed: "-s -w",
};

export type Built =
  | { readonly kind: "built"; readonly path: string; readonly words: string }
  /** Go or its modules are missing, or the machine is too slow for them. */
  | { readonly kind: "missing"; readonly words: string };

/** Null: not built yet. */
export function builtProgram(name: ProgramName): string | null {
  const path = placeOf(name);
  return existsSync(path) ? path : null;
}

/** Rejects where the modules are here and do not build. */
export async function buildProgram(name: ProgramName): Promise<Built> {
  const path = placeOf(name);
  if (existsSync(path)) return { kind: "built", path, words: `was built before: ${path}` };
  const go = findGo();
  if (go === null) return { kind: "missing", words: "there is no Go here" };
  const folder = sourceOf(name);
  try {
    // Whatever it is made of is downloaded by this, and nothing is compiled.
    await runGo(go, folder, ["list", "-deps", "."], LOOK_MS_MAX);
  } catch (thrown) {
    return { kind: "missing", words: thrown instanceof Error ? thrown.message : String(thrown) };
  }
  mkdirSync(join(path, ".."), { recursive: true });
  const fresh = `${path}.${randomUUID()}`;
  const began = performance.now();
  const words = ["build", "-p", PARALLEL, "-trimpath", "-ldflags", FLAGS[name], "-o", fresh, "."];
  try {
    await runGo(go, folder, words, BUILD_MS_MAX[name]);
  } catch (thrown) {
    if (performance.now() - began < BUILD_MS_MAX[name]) throw thrown;
    return { kind: "missing", words: `it was not done within ${BUILD_MS_MAX[name] / 60_000} minutes` };
  }
  renameSync(fresh, path);
  return { kind: "built", path, words: `in ${Math.round((performance.now() - began) / 1000)} s` };
}

function sourceOf(name: ProgramName): string {
  return join(import.meta.dirname, name);
}

function placeOf(name: ProgramName): string {
  const hash = createHash("sha256").update(FLAGS[name]);
  for (const file of ["go.mod", "go.sum", "main.go"]) hash.update(readFileSync(join(sourceOf(name), file)));
  const home = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return join(home, "multicloud-probe", `${name}-${hash.digest("hex").slice(0, 16)}`, name);
}
