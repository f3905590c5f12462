// `monitor alert listen`: a receiver on this machine that prints what arrives, for whoever wants to see what people would be told.
import { createServer, type IncomingMessage } from "node:http";
import { parseArgs } from "node:util";
import * as z from "zod/mini";
import { parseDuration } from "../local/duration.ts";
import { closeListener, errorText, listenOn } from "../local/listening.ts";
import { catchStopSignals } from "../local/stop-signal.ts";
import { SECOND_MS } from "../time.ts";
import { WEBHOOK_SECRET, WEBHOOK_SECRET_FORM } from "../topology/alert-schema.ts";
import { signedHeaders } from "../wire/signature.ts";
import { ALERT_USAGE, LISTEN_PORT, SECRET_VARIABLE } from "./alert-usage.ts";
import { EXIT, type ExitCode } from "./envelope.ts";
import { readPort } from "./local-port.ts";
import { refuse, type Refusal } from "./refusal.ts";

const HOST = "127.0.0.1";
const BODY_BYTES_MAX = 1024 * 1024;
const TEXT_CHARACTERS_MAX = 1000;

const MESSAGE = z.object({ type: z.string(), text: z.string() });

interface ListenWish {
  readonly port: number;
  /** Null: until a signal. */
  readonly forMs: number | null;
}

export async function runListen(argv: readonly string[]): Promise<ExitCode> {
  const wish = parseListen(argv);
  if ("refusal" in wish) return refuse(wish, ALERT_USAGE);
  const given = process.env[SECRET_VARIABLE] ?? "";
  const secret = given === "" ? null : given;
  if (secret !== null && !WEBHOOK_SECRET.test(secret))
    return refuse(
      { refusal: `${SECRET_VARIABLE}: expected ${WEBHOOK_SECRET_FORM}, found something else` },
      ALERT_USAGE,
    );
  const server = createServer((request, response) => {
    void printed(request, secret).then(
      (status) => response.writeHead(status).end(),
      () => response.destroy(),
    );
  });
  const opened = await listenOn(server, { host: HOST, port: wish.port }).catch(errorText);
  if (typeof opened === "string") return refuse({ refusal: `port ${wish.port}: ${opened}` }, ALERT_USAGE);
  process.stderr.write(`listening on http://${HOST}:${opened}/, until Ctrl-C\n`);
  await untilStopped(wish.forMs);
  server.closeAllConnections();
  await closeListener(server);
  return EXIT.conforms;
}

function parseListen(argv: readonly string[]): ListenWish | Refusal {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { for: { type: "string" }, help: { type: "boolean", short: "h" } },
    });
    if (values.help === true) return { refusal: "help" };
    if (positionals.length > 1) return { refusal: `listen: expected one port, found "${positionals.join(" ")}"` };
    const read = readPort(positionals[0]);
    if (read.kind === "refused") return { refusal: read.why.replace("--port", "listen") };
    const duration = values.for === undefined ? null : parseDuration(values.for);
    if (duration !== null && !duration.ok)
      return { refusal: duration.problems.map(({ message }) => `--for: ${message}`).join("\n") };
    return { port: read.port ?? LISTEN_PORT, forMs: duration?.ok === true ? duration.value : null };
  } catch (thrown) {
    return { refusal: errorText(thrown) };
  }
}

async function untilStopped(forMs: number | null): Promise<void> {
  const stop = catchStopSignals();
  await new Promise<void>((resolve) => {
    const timer = forMs === null ? null : setTimeout(resolve, forMs);
    const answer = (): void => {
      if (timer !== null) clearTimeout(timer);
      resolve();
    };
    if (stop.asked.aborted) answer();
    else stop.asked.addEventListener("abort", answer, { once: true });
  });
  stop.release();
}

/** One line; the status to answer with. */
async function printed(request: IncomingMessage, secret: string | null): Promise<number> {
  const body = await readBody(request);
  if (body === null) return 413;
  const at = new Date().toISOString();
  if (request.method !== "POST") {
    process.stdout.write(`${at}  ${request.method ?? ""} ${plain(request.url ?? "")}\n`);
    return 204;
  }
  const id = headerOf(request, "webhook-id");
  const words = [at, plain(id), await signatureWords(request, body, secret), messageWords(body)];
  process.stdout.write(`${words.filter((word) => word !== "").join("  ")}\n`);
  return 204;
}

function messageWords(body: string): string {
  try {
    const parsed = z.safeParse(MESSAGE, JSON.parse(body));
    return parsed.success ? plain(`${parsed.data.type}  ${parsed.data.text}`) : plain(body);
  } catch {
    return plain(body);
  }
}

/** "" where nobody asks. */
async function signatureWords(request: IncomingMessage, body: string, secret: string | null): Promise<string> {
  if (secret === null) return "";
  const given = headerOf(request, "webhook-signature");
  if (given === "") return "not signed";
  const at = Number(headerOf(request, "webhook-timestamp")) * SECOND_MS;
  const { "webhook-signature": right } = await signedHeaders(headerOf(request, "webhook-id"), body, secret, at);
  return given === right ? "signed" : "WRONG SIGNATURE";
}

function headerOf(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}

/** Whoever sends it, it moves no cursor. */
function plain(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, " ").slice(0, TEXT_CHARACTERS_MAX);
}

/** Null: too long. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
