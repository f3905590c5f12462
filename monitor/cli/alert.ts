// `monitor alert`: who is told, whether that works, and a test of it. What is sent is sent only with --yes.
import * as z from "zod/mini";
import { askMonitor, type Asked } from "../conduct/monitor-client.ts";
import { OUTBOX_SCHEMA, type OutboxFace } from "../http/alert-routes.ts";
import type { VerdictKind } from "../model/verdict.ts";
import { WAITING_MS_MAX } from "../report/self-outbox.ts";
import { parseIso } from "../time.ts";
import { runListen } from "./alert-listen.ts";
import { planLines, testFromHere } from "./alert-test.ts";
import { outboxText } from "./alert-text.ts";
import { ALERT_USAGE, type AlertWish, parseAlert } from "./alert-usage.ts";
import { EXIT, envelope, type ExitCode, exitCodeOf } from "./envelope.ts";
import { refuse } from "./refusal.ts";
import { findMonitor, type RunningMonitor } from "./running-monitor.ts";
import { TOPOLOGY_FILE } from "./topology-file.ts";

/** `argv` is what follows "alert". */
export async function runAlert(argv: readonly string[]): Promise<ExitCode> {
  if (argv[0] === "listen") return runListen(argv.slice(1));
  const wish = parseAlert(argv);
  if ("refusal" in wish) return refuse(wish, ALERT_USAGE);
  if (wish.does === "test" && wish.port === undefined && wish.url === undefined) {
    const done = await testFromHere(wish.topology ?? TOPOLOGY_FILE, wish.channels, wish.mode);
    if ("refusal" in done) return refuse(done, ALERT_USAGE);
    return say(wish, done.verdict, done.results, done.lines);
  }
  const monitor = await findMonitor(wish);
  if ("refusal" in monitor) return refuse(monitor, ALERT_USAGE);
  switch (wish.does) {
    case "list":
      return list(wish, monitor);
    case "test":
      return testThere(wish, monitor);
    case "retry":
      return retry(wish, monitor);
  }
}

async function list(wish: AlertWish, monitor: RunningMonitor): Promise<ExitCode> {
  const outbox = await readOutbox(monitor);
  if ("failed" in outbox) return unasked(outbox.failed);
  return say(wish, verdictOn(outbox, Date.now()), outbox, [outboxText(outbox)]);
}

async function testThere(wish: AlertWish, monitor: RunningMonitor): Promise<ExitCode> {
  const outbox = await readOutbox(monitor);
  if ("failed" in outbox) return unasked(outbox.failed);
  const known = outbox.channels.filter(({ kind }) => kind !== "heartbeat").map(({ name }) => name);
  const stranger = wish.channels.find((name) => !known.includes(name));
  if (known.length === 0)
    return refuse({ refusal: "the monitor's topology has no channel that is told of incidents" }, ALERT_USAGE);
  if (stranger !== undefined)
    return refuse({ refusal: `expected a channel (${known.join(", ")}), found "${stranger}"` }, ALERT_USAGE);
  const channels = wish.channels.length === 0 ? known : wish.channels;
  if (wish.mode === "plan") return say(wish, "conforms", { would: channels }, planLines(channels, monitor.url.origin));
  for (const channel of channels) {
    const reply = await post(monitor, "/v1/alerts/test", { channel });
    if (reply.kind !== "answer") return unasked(reply.detail);
  }
  return say(wish, "conforms", { queued: channels }, [
    `queued: ${channels.join(", ")}; the next round sends them: monitor alert list`,
  ]);
}

async function retry(wish: AlertWish, monitor: RunningMonitor): Promise<ExitCode> {
  const outbox = await readOutbox(monitor);
  if ("failed" in outbox) return unasked(outbox.failed);
  const { dead, waiting } = outbox;
  if (wish.mode === "plan")
    return say(wish, "conforms", { would: dead.map(({ key }) => key) }, [
      `would try again: ${dead.length} given up, ${waiting.length} that wait`,
      "nothing was done: --yes does it",
    ]);
  const reply = await post(monitor, "/v1/alerts/retry", null);
  if (reply.kind !== "answer") return unasked(reply.detail);
  return say(wish, "conforms", reply.value, [
    `${dead.length} wait again; the next round sends them: monitor alert list`,
  ]);
}

function post({ url, token }: RunningMonitor, path: string, body: object | null): Promise<Asked<unknown>> {
  return askMonitor(new URL(path, url), { method: "POST", token, body });
}

async function readOutbox({ url, token }: RunningMonitor): Promise<OutboxFace | { readonly failed: string }> {
  const reply = await askMonitor(new URL("/v1/alerts", url), { method: "GET", token, body: null });
  if (reply.kind !== "answer") return { failed: `${url.origin}: ${reply.detail}` };
  const parsed = z.safeParse(OUTBOX_SCHEMA, reply.value);
  return parsed.success ? parsed.data : { failed: `${url.origin}: its outbox is none that this version can read` };
}

function verdictOn({ waiting, dead }: OutboxFace, at: number): VerdictKind {
  const late = waiting.some((entry) => at - (parseIso(entry.at) ?? at) > WAITING_MS_MAX);
  return dead.length > 0 || late ? "deviates" : "conforms";
}

function unasked(detail: string): ExitCode {
  process.stderr.write(`${detail}\n`);
  return EXIT.undecided;
}

function say(wish: AlertWish, verdict: VerdictKind, payload: unknown, lines: readonly string[]): ExitCode {
  process.stdout.write(
    wish.output === "json" ? envelope(`alert ${wish.does}`, verdict, payload, Date.now()) : `${lines.join("\n")}\n`,
  );
  return exitCodeOf(verdict);
}
