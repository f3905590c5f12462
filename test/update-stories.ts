// Rewrites what stands under "----" in every story with what the monitor makes of it now; the diff is for a person to read.
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { retell } from "./support/story.ts";

for (const path of globSync("monitor/run/stories/*.txt", { cwd: import.meta.dirname })) {
  const file = join(import.meta.dirname, path);
  writeFileSync(file, retell(readFileSync(file, "utf8")));
}
