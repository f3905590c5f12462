// A policy command, run for a test.
import { join } from "node:path";
import { vi } from "vitest";
import { runPolicy } from "../../monitor/cli/policy.ts";
import { TOPOLOGY_FILE } from "../../monitor/cli/topology-file.ts";
import { ROOT } from "../support/source-files.ts";

/** In this process: what a process of its own adds is seen in the documents' transcripts. */
export async function policy(...argv: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const toOut = vi.spyOn(process.stdout, "write").mockImplementation((text) => out.push(String(text)) > 0);
  const toErr = vi.spyOn(process.stderr, "write").mockImplementation((text) => err.push(String(text)) > 0);
  const isWhole = argv.length === 0 || argv.includes("--zone") || argv.includes("--topology");
  try {
    const status = await runPolicy(isWhole ? argv : [...argv, "--topology", join(ROOT, TOPOLOGY_FILE)]);
    return { status, stdout: out.join(""), stderr: err.join("") };
  } finally {
    toOut.mockRestore();
    toErr.mockRestore();
  }
}
