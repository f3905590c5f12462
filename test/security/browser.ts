// A real browser without a window, spoken to over its debugging protocol: what it thinks of a page, in its own words.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { until } from "../support/until.ts";

export const BROWSER = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
export const hasBrowser = existsSync(BROWSER);
const START_MS_MAX = 30_000;

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--remote-debugging-port=0",
];

const MESSAGE = z.looseObject({
  id: z.int().optional(),
  method: z.string().optional(),
  params: z.looseObject({}).optional(),
  result: z.looseObject({ result: z.looseObject({ value: z.unknown() }).optional() }).optional(),
});

export interface Visit {
  /** What the expression gave in the page once it had loaded. */
  readonly value: unknown;
  /** Everything that the browser complained of: policy violations, failed loads, errors. */
  readonly complaints: readonly string[];
}

/** What a page is shown on. */
export interface Screen {
  readonly width: number;
  readonly scheme: "light" | "dark";
}

const DESK: Screen = { width: 1280, scheme: "light" };
const SCREEN_HEIGHT = 900;

/** Loads a page and evaluates an expression in it, as its developer tools would; where it gives a promise, what that becomes. */
export async function visit(url: string, expression: string, screen: Screen = DESK): Promise<Visit> {
  const profile = mkdtempSync(join(tmpdir(), "multicloud-probe-browser-"));
  const child = spawn(BROWSER, [...FLAGS, `--user-data-dir=${profile}`, "about:blank"], { stdio: "ignore" });
  try {
    const file = join(profile, "DevToolsActivePort");
    const port = await until("the browser listens", () => readPort(file), START_MS_MAX);
    const pages: unknown = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json();
    const page = z
      .array(z.looseObject({ type: z.string(), webSocketDebuggerUrl: z.string() }))
      .parse(pages)
      .find(({ type }) => type === "page");
    if (page === undefined) throw new Error("the browser has no page");
    return await look(page.webSocketDebuggerUrl, url, expression, screen);
  } finally {
    await ended(child);
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** Null while the file is not there, or not whole. */
function readPort(file: string): string | null {
  return existsSync(file) ? (/^(\d+)\n/.exec(readFileSync(file, "utf8"))?.[1] ?? null) : null;
}

async function look(debuggerUrl: string, url: string, expression: string, screen: Screen): Promise<Visit> {
  const socket = new WebSocket(debuggerUrl);
  const heard: z.infer<typeof MESSAGE>[] = [];
  socket.addEventListener("message", ({ data }) => heard.push(MESSAGE.parse(JSON.parse(String(data)))));
  await until("the browser answers", () => socket.readyState === WebSocket.OPEN);
  let id = 0;
  const call = async (method: string, params: object = {}): Promise<z.infer<typeof MESSAGE>> => {
    const own = (id += 1);
    socket.send(JSON.stringify({ id: own, method, params }));
    return await until(method, () => heard.find((message) => message.id === own));
  };
  for (const domain of ["Page", "Log", "Audits", "Runtime"]) await call(`${domain}.enable`);
  const metrics = { width: screen.width, height: SCREEN_HEIGHT, deviceScaleFactor: 1, mobile: false };
  await call("Emulation.setDeviceMetricsOverride", metrics);
  await call("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: screen.scheme }] });
  await call("Page.navigate", { url });
  await until("the page has loaded", () => heard.some(({ method }) => method === "Page.loadEventFired"), START_MS_MAX);
  const { result } = await call("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
  socket.close();
  const complaints = heard.filter(({ method }) => method === "Log.entryAdded" || method === "Audits.issueAdded");
  return { value: result?.result?.value, complaints: complaints.map(({ params }) => JSON.stringify(params)) };
}

async function ended(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGKILL");
  await gone;
}
