// A topology's file as it is at this moment, for whoever reads it again and again: its text, bounded, or why there is none.
// What `${NAME}` in it stands for comes from the environment.
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { TOPOLOGY_LIMITS } from "../topology/source.ts";
import { thrownWords } from "../wire/failure.ts";

export type FileReading =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "unreadable"; readonly detail: string };

/** UTF-8 has at most three bytes for a UTF-16 unit. One more is read, so that what is too long is seen to be. */
const BYTES_MAX = 3 * TOPOLOGY_LIMITS.textMax + 1;

/** Never throws, and never waits for a writer at the other end of a pipe. */
export function readTopologyFile(path: string): FileReading {
  let file: number | null = null;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(file);
    if (!stat.isFile()) return { kind: "unreadable", detail: "it is no file" };
    return { kind: "text", text: readBounded(file, Math.min(BYTES_MAX, stat.size + 1)) };
  } catch (thrown) {
    return { kind: "unreadable", detail: thrownWords(thrown) };
  } finally {
    if (file !== null) closeSync(file);
  }
}

function readBounded(file: number, bytesMax: number): string {
  const bytes = Buffer.alloc(bytesMax);
  let length = 0;
  while (length < bytes.length) {
    const read = readSync(file, bytes, length, bytes.length - length, null);
    if (read === 0) break;
    length += read;
  }
  return bytes.toString("utf8", 0, length);
}

export function textVariables(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
