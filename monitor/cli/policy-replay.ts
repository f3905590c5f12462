// `monitor policy replay`: a recorded history evaluated again under another policy.
import { writeFileSync } from "node:fs";
import { HISTORY_ROUNDS_MAX } from "../report/history.ts";
import type { RoundsPage } from "../report/rounds-page-schema.ts";
import { measureTiming } from "../verify/timing.ts";
import { makeTimingRows } from "../report/timing-rows.ts";
import { replay } from "../verify/replay.ts";
import { visibleText } from "../local/text-line.ts";
import { envelope, EXIT, type ExitCode } from "./envelope.ts";
import { readHistory } from "./history-source.ts";
import { parseReplay } from "./policy-replay-arguments.ts";
import { replayPayload } from "./policy-replay-json.ts";
import { isTooShort, replayText } from "./policy-replay-text.ts";
import { REPLAY_USAGE } from "./policy-replay-usage.ts";
import { refuse } from "./refusal.ts";

export async function runReplay(argv: readonly string[]): Promise<ExitCode> {
  const now = Date.now();
  const ask = parseReplay(argv, now);
  if ("refusal" in ask) return refuse(ask, REPLAY_USAGE);
  const read = await readHistory(ask.source, ask.window, ask.recorded);
  if (read.kind !== "read") {
    process.stderr.write(`${read.lines.map(visibleText).join("\n")}\n`);
    return read.kind === "usage" ? EXIT.usage : EXIT.undecided;
  }
  if (read.history.rounds.length > HISTORY_ROUNDS_MAX)
    return refuse(
      {
        refusal: `expected at most ${HISTORY_ROUNDS_MAX} rounds, found ${read.history.rounds.length}: give --from and --to`,
      },
      REPLAY_USAGE,
    );
  const unsaved = ask.save === null ? null : save(ask.save, read.pages);
  if (unsaved !== null) return refuse({ refusal: `--save: ${unsaved}` }, REPLAY_USAGE);
  noteStrangers(read.pages, ask.recorded.service.host);
  const told = replay(read.history, ask.recorded, ask.other, ask.falseWithinMs);
  const timing = makeTimingRows(ask.recorded, measureTiming(ask.recorded, read.history));
  const verdict = isTooShort(told) ? "undecided" : "conforms";
  process.stdout.write(
    ask.output === "json"
      ? envelope("policy replay", verdict, { ...replayPayload(ask, told), timing }, now)
      : replayText(ask, told, timing),
  );
  return EXIT[verdict];
}

/** Null: it is kept. */
function save(file: string, pages: readonly RoundsPage[]): string | null {
  try {
    writeFileSync(file, pages.map((page) => `${JSON.stringify(page)}\n`).join(""));
    return null;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

/** The history of another service has other regions, of which nothing would be known. */
function noteStrangers(pages: readonly RoundsPage[], host: string): void {
  const others = new Set(pages.map(({ service }) => service.host).filter((other) => other !== host));
  for (const other of others)
    process.stderr.write(`note: the history is of ${visibleText(other)}, the topology of ${host}\n`);
}
