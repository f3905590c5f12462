// `npm run bench [-- PART…] [--quick] [--json FILE]`: measures, prints a table for each part, and leaves nothing behind, also
// on Ctrl-C. It says what it saw and fails only where something does not run: a slow machine is no failure.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { makeBelongings } from "./belongings.ts";
import { PARTS } from "./parts.ts";
import type { BenchContext, Part, PartResult } from "./part.ts";
import { renderPart } from "./table.ts";

const EXIT_USAGE = 2;
const EXIT_INTERRUPTED = 130;
const RUN_MS_MAX = { full: 8 * 60_000, quick: 2 * 60_000 };

interface Outcome {
  readonly seconds: number;
  readonly result: PartResult | { readonly failed: string };
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: "boolean", default: false }, json: { type: "string" } },
});
const unknown = positionals.filter((name) => !PARTS.some((part) => part.name === name));
if (unknown.length > 0) {
  console.error(`no such part: ${unknown.join(", ")}; there are ${PARTS.map(({ name }) => name).join(", ")}`);
  process.exit(EXIT_USAGE);
}

const belongings = makeBelongings();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop("interrupted"));
const limitMs = values.quick ? RUN_MS_MAX.quick : RUN_MS_MAX.full;
setTimeout(() => void stop(`not done after ${limitMs / 60_000} minutes`), limitMs).unref();

const outcomes: Record<string, Outcome> = {};
let stopping = false;
for (const part of PARTS.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
  if (stopping) break;
  outcomes[part.name] = await runPart(part, { quick: values.quick, belongings });
  // After each part, so that an interrupted run leaves what it had.
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(summary(), null, 2)}\n`);
}
// Otherwise `stop` is at work, and has the last word.
if (!stopping) {
  await belongings.endAll();
  process.exit(Object.values(outcomes).some(({ result }) => "failed" in result) ? 1 : 0);
}

async function runPart(part: Part, context: BenchContext): Promise<Outcome> {
  console.error(`${part.name} …`);
  const startedMs = performance.now();
  const seconds = (): number => Math.round((performance.now() - startedMs) / 100) / 10;
  try {
    const result = await part.run(context);
    console.log(renderPart(part, result));
    return { seconds: seconds(), result };
  } catch (thrown) {
    const failed = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    if (!stopping) console.log(`${part.name}: ${part.title}\n  FAILED: ${failed}\n`);
    return { seconds: seconds(), result: { failed } };
  }
}

function summary(): object {
  const [cpu] = cpus();
  const machine = { cpu: cpu?.model ?? "unknown", cores: cpus().length, node: process.version };
  return { schemaVersion: 1, at: new Date().toISOString(), quick: values.quick, machine, parts: outcomes };
}

async function stop(why: string): Promise<never> {
  stopping = true;
  console.error(why);
  await belongings.endAll();
  process.exit(EXIT_INTERRUPTED);
}
