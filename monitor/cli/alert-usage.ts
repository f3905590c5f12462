// What `monitor alert` understands.
import { parseArgs } from "node:util";
import type { Refusal } from "./refusal.ts";
import { TOKEN_VARIABLE } from "./running-monitor.ts";
import { TOPOLOGY_FILE } from "./topology-file.ts";

export const LISTEN_PORT = 8799;
export const SECRET_VARIABLE = "ALERT_WEBHOOK_SECRET";

export const ALERT_USAGE = `monitor alert list|test|retry|listen [ARGUMENTS]

  list                shows a running monitor's channels, what waits for them, and what was given up
                        [--port N | --url URL] [--json]
  test [CHANNEL…]     sends a message that is marked as a test: from here to the topology's channels, all unless named;
                        with --port or --url through a running monitor, whose next round sends it
                        [--topology FILE | --port N | --url URL] [--yes] [--json]
  retry               lets a running monitor try again what it had given up, and at once what waits
                        [--port N | --url URL] [--yes] [--json]

  listen [PORT]       a receiver on this machine that prints what arrives, until Ctrl-C (default port ${LISTEN_PORT}); with
                        ${SECRET_VARIABLE} in the environment it says whose signature is right
                        [--for TIME]

  --topology FILE  whose channels (default ${TOPOLOGY_FILE}); their \${NAME}s come from the environment
  --port N         the local world on this port; needed when several run
  --url URL        a running monitor; ${TOKEN_VARIABLE} in the environment opens it, a local world is open to whoever runs it
  --yes            do it; without it test and retry only say what they would do
  --json           one JSON envelope on stdout

Exit code: 0 all is well, 1 a message was not delivered, waits for more than a quarter of an hour, or was given up, 2 wrong usage
or topology, 4 the monitor cannot be asked.
`;

export interface AlertWish {
  readonly does: "list" | "test" | "retry";
  readonly channels: readonly string[];
  readonly topology: string | null;
  readonly port: string | undefined;
  readonly url: string | undefined;
  readonly mode: "plan" | "do";
  readonly output: "json" | "text";
}

export function parseAlert(argv: readonly string[]): AlertWish | Refusal {
  const one = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { topology: one, port: one, url: one, yes: flag, json: flag, help: { ...flag, short: "h" } },
    });
    if (values.help === true) return { refusal: "help" };
    const [does = "", ...channels] = positionals;
    if (does !== "list" && does !== "test" && does !== "retry")
      return { refusal: `expected list, test, retry or listen, found "${does}"` };
    if (does !== "test" && channels.length > 0)
      return { refusal: `${does}: expected no more words, found "${channels.join(" ")}"` };
    if (does !== "test" && values.topology !== undefined)
      return { refusal: "--topology: only a test is sent from here; a running monitor has a topology" };
    if (values.topology !== undefined && (values.port ?? values.url) !== undefined)
      return { refusal: "expected --topology, --port or --url, found two of them" };
    return {
      does,
      channels,
      topology: values.topology ?? null,
      port: values.port,
      url: values.url,
      mode: values.yes === true ? "do" : "plan",
      output: values.json === true ? "json" : "text",
    };
  } catch (thrown) {
    return { refusal: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}
