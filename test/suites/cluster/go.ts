// Go and its modules, for what is made of them: a clear word where they are missing, and never a wait without an end.
import { execFile, spawnSync } from "node:child_process";

const GO_PLACES = ["go", "/usr/local/go/bin/go"] as const;
const LOOK_MS_MAX = 30_000;
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

export const GO_INSTALL = "Go 1.26 or later, and its module proxy";

/** Null: nowhere. */
export function findGo(): string | null {
  return GO_PLACES.find((place) => spawnSync(place, ["version"], { timeout: LOOK_MS_MAX }).status === 0) ?? null;
}

/** Rejects with what Go said. `niceness`: 0 to 19. */
export function runGo(go: string, folder: string, words: readonly string[], msMax: number): Promise<string> {
  const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-buildvcs=false", GOWORK: "off" };
  return new Promise((resolve, reject) => {
    execFile(
      go,
      words,
      // Told so, Go ends its compilers.
      { cwd: folder, env, timeout: msMax, killSignal: "SIGINT", maxBuffer: OUTPUT_BYTES_MAX, encoding: "utf8" },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`go ${words.join(" ")}: ${stderr.trim() || stdout.trim() || error.message}`));
      },
    );
  });
}

/** The folder of a module's files, as published. Go checks them against the public checksum database. */
export async function moduleFolder(go: string, module: string, msMax: number): Promise<string> {
  const said: unknown = JSON.parse(await runGo(go, "/", ["mod", "download", "-json", module], msMax));
  const { Dir: folder } = said as { readonly Dir?: string };
  if (folder === undefined) throw new Error(`${module} has no folder`);
  return folder;
}
