// A hosted zone for the commands that compare it with something: from a snapshot, or by the API.
import { readFileSync } from "node:fs";
import type { PullWish } from "../node/zone-pull.ts";
import { formatProblem } from "../problem.ts";
import { parseZoneDocument } from "../zone/document.ts";
import { SNAPSHOT_KIND, type Snapshot } from "../zone/snapshot.ts";
import type { ZoneSource } from "./zone-diff-arguments.ts";

export interface Unreadable {
  readonly lines: readonly string[];
}

export function readSnapshot(file: string): Snapshot | Unreadable {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (thrown) {
    return { lines: [`${file}: expected a snapshot: ${thrown instanceof Error ? thrown.message : String(thrown)}`] };
  }
  const parsed = parseZoneDocument(file, text);
  if (!parsed.ok) return { lines: parsed.problems.map((problem) => formatProblem(problem, file)) };
  const { form, snapshot } = parsed.value;
  return snapshot ?? { lines: [`${file}: expected a ${SNAPSHOT_KIND} made by \`monitor zone pull\`, found ${form}`] };
}

export async function readLive(
  source: Extract<ZoneSource, { kind: "live" }>,
  observations: PullWish["observations"],
): Promise<Snapshot | Unreadable> {
  const { pullLive } = await import("./zone-live.ts");
  const { zone, endpoint } = source;
  const pulled = await pullLive({ zone, endpoint, observations, cloudWatch: "skip" });
  return pulled.kind === "failed" ? { lines: [pulled.detail] } : pulled.snapshot;
}
