// `monitor watch`: a monitor of its own on this machine, until it is asked to stop.
import { isatty } from "node:tty";
import { setTimeout as sleep } from "node:timers/promises";
import { catchStopSignals } from "../local/stop-signal.ts";
import { hearLostReader } from "../local/lost-reader.ts";
import { makeNodeWorld } from "../node/world.ts";
import { runWatch } from "../watch/run-watch.ts";
import { openWatchScreen, type Terminals } from "../watch/screen.ts";
import { EXIT, type ExitCode } from "./envelope.ts";
import { refuse } from "./refusal.ts";
import { parseWatch, WATCH_USAGE, type WatchSettings } from "./watch-arguments.ts";

const STDERR = 2;

export async function runWatchCommand(argv: readonly string[]): Promise<ExitCode> {
  const settings = parseWatch(argv, process.env, Date.now());
  if ("refusal" in settings) return refuse(settings, WATCH_USAGE);
  const stop = catchStopSignals(["SIGINT", "SIGTERM"]);
  const ended = new AbortController();
  const hangup = hearHangup(ended);
  const silence = hearLostReader(() => ended.abort());
  try {
    return await watch(settings, AbortSignal.any([stop.asked, ended.signal]), hangup.takeWish, ended);
  } finally {
    hangup.release();
    silence.release();
    ended.abort();
    stop.release();
  }
}

async function watch(
  { plan, forMs, remarks }: WatchSettings,
  stop: AbortSignal,
  takeReloadWish: () => boolean,
  ended: AbortController,
): Promise<ExitCode> {
  const world = makeNodeWorld();
  const screen = openWatchScreen(terminals(), world.clock);
  screen.tell(remarks);
  if (forMs !== null)
    void sleep(forMs, undefined, { signal: stop }).then(
      () => ended.abort(),
      () => {},
    );
  const end = await runWatch(plan, screen, { stop, takeReloadWish }, world);
  screen.face.close();
  if (end.kind === "stopped") return EXIT.conforms;
  process.stderr.write(`${end.detail}\n`);
  return EXIT.usage;
}

/** SIGHUP asks a daemon to read its files again; where the terminal is gone that it was started on, it asks it to go as well. */
function hearHangup(ended: AbortController): { readonly takeWish: () => boolean; readonly release: () => void } {
  const hadTerminal = isatty(STDERR);
  let wished = false;
  const hear = (): void => {
    if (hadTerminal && !isatty(STDERR)) ended.abort();
    else wished = true;
  };
  process.on("SIGHUP", hear);
  return {
    takeWish: () => {
      const was = wished;
      wished = false;
      return was;
    },
    release: () => void process.off("SIGHUP", hear),
  };
}

function terminals(): Terminals {
  const { stdout, stderr } = process;
  const drawable = stdout.isTTY && stderr.isTTY && process.env["TERM"] !== "dumb";
  const colours = (process.env["NO_COLOR"] ?? "") === "" ? "on" : "off";
  return { style: drawable ? "picture" : "lines", colours, stdout, stderr };
}
