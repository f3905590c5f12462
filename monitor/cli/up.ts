// `monitor up`: starts the local world, shows it until it is asked to stop, and says in words what kept it from running.
import { setTimeout as sleep } from "node:timers/promises";
import type { ChildEnd } from "../local/child.ts";
import { type Face, openLog, openPicture } from "../local/faces.ts";
import { catchStopSignals, type StopSignal } from "../local/stop-signal.ts";
import { type LocalWorld, type StartOutcome, startWorld } from "../local/supervisor.ts";
import { parseUp, UP_USAGE, type UpSettings } from "../local/up-arguments.ts";
import { welcomeLines, worldHints } from "../local/welcome.ts";
import { watchStatus } from "../local/watch.ts";
import { EXIT } from "./envelope.ts";

const PACKAGE_MISSING =
  "A package is missing. `npm ci` installs all of them; the monitor's image has none that only the local world needs.";

/** `argv` is what follows "up". Gives the exit code: 0 when it was asked to stop, 2 for a wrong argument or a taken port, 3 when a part failed. */
export async function runUp(argv: readonly string[]): Promise<number> {
  const parsed = parseUp(argv);
  if (!parsed.ok) {
    talk([...parsed.problems.map((problem) => problem.message), "", UP_USAGE]);
    return EXIT.usage;
  }
  if (parsed.value === null) {
    process.stdout.write(UP_USAGE);
    return EXIT.conforms;
  }
  const stop = catchStopSignals();
  try {
    return await run(parsed.value, stop);
  } finally {
    stop.release();
  }
}

async function run(settings: UpSettings, stop: StopSignal): Promise<number> {
  const { plan, forMs } = settings;
  talk([plan.bundleDir === null ? "bundling the Worker and starting …" : "starting …"]);
  const outcome = await startWorld(plan, stop.asked);
  if (outcome.kind !== "running") return notRunning(outcome, stop);
  const { world } = outcome;
  stop.onImpatience(() => world.kill());
  process.stdout.write(`${welcomeLines(world).join("\n")}\n\n`);
  if (!isDrawable()) process.stdout.write(`${worldHints(world).join("\n")}\n\n`);
  const death = await follow(world, forMs, stop);
  if (death === null) talk(["stopping"]);
  else talk([`${death.name} ended unexpectedly (${death.how}); its last lines:`, ...death.lastLines, "stopping"]);
  await world.stop();
  return death === null ? EXIT.conforms : EXIT.bug;
}

function notRunning(outcome: Exclude<StartOutcome, { kind: "running" }>, stop: StopSignal): number {
  if (stop.asked.aborted) {
    talk(["stopped before it was up"]);
    return EXIT.conforms;
  }
  if (outcome.kind === "port-taken") {
    talk([`Port ${outcome.port} is taken. Choose another one: npm start -- --port ${outcome.port + 1}`]);
    return EXIT.usage;
  }
  const hint = outcome.detail.includes("ERR_MODULE_NOT_FOUND") ? [PACKAGE_MISSING] : [];
  talk(["The local world could not be started.", outcome.detail, ...hint]);
  return EXIT.bug;
}

/** Shows the world until a signal, the end of `forMs` (both null) or the end of a child. */
async function follow(world: LocalWorld, forMs: number | null, stop: StopSignal): Promise<ChildEnd | null> {
  const face = openFace(world);
  const done = new AbortController();
  const asked = new Promise<null>((resolve) => {
    const answer = (): void => resolve(null);
    if (stop.asked.aborted) answer();
    else stop.asked.addEventListener("abort", answer, { once: true });
  });
  const timeUp = forMs === null ? asked : sleep(forMs, null, { signal: done.signal }).catch(() => null);
  const watching = watchStatus(world.statusUrl, face, done.signal);
  const death = await Promise.race([asked, timeUp, world.childEnded]);
  done.abort();
  await watching;
  face.close();
  // A signal to the whole group may have reached a child before it reached us.
  return stop.asked.aborted ? null : death;
}

function openFace(world: LocalWorld): Face {
  const { stdout } = process;
  if (!isDrawable()) return openLog((text) => stdout.write(text));
  const colours = (process.env["NO_COLOR"] ?? "") === "" ? "on" : "off";
  return openPicture(stdout, colours, worldHints(world));
}

/** A terminal on which one can go back to a line. */
function isDrawable(): boolean {
  return process.stdout.isTTY && process.env["TERM"] !== "dumb";
}

function talk(lines: readonly string[]): void {
  process.stderr.write(`${lines.join("\n")}\n`);
}
