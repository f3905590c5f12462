// Files for programs that read nothing else.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Gives the file's path. */
export function writeInto(folder: string, name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}
