// What a person needs to know of a world that has just come up: where to look, and what to type to break it.
import type { WorldState } from "./control.ts";
import { alignRows, paintLine, piece } from "./text-line.ts";
import { worldFilePath } from "./world-file.ts";

const COMMAND = "npm run -s monitor --";

export interface RunningWorld {
  readonly statusUrl: string;
  readonly port: number;
  readonly controlUrl: string;
  /** Null: the router is off. */
  readonly routerUrl: string | null;
  /** Null: there is none. */
  readonly privateVantage: string | null;
  readonly state: () => WorldState;
}

/** Lines without line ends. */
export function welcomeLines(world: RunningWorld): readonly string[] {
  const { regions, dns } = world.state();
  const rows = [
    ["status page", `${world.statusUrl}/`],
    ["as JSON", `${world.statusUrl}/status`],
    ...(world.routerUrl === null ? [] : [["router", `${world.routerUrl}/ goes to the best region`]]),
    ...regions.map((region, index) => [index === 0 ? "regions" : "", `${region.id} at ${region.url}`]),
    ["DNS", `${dns.address} by UDP and TCP, ${dns.dohUrl}`],
    ["control", `${world.controlUrl}, its token is in ${worldFilePath(world.port)}`],
  ];
  return alignRows(rows.map((row) => row.map((cell) => piece(cell)))).map((line) =>
    paintLine(line, Number.MAX_SAFE_INTEGER, "off"),
  );
}

/** The lines to try next. */
export function worldHints(world: RunningWorld): readonly string[] {
  const first = world.state().regions[0]?.id ?? "";
  return [
    `break it:  ${COMMAND} gate ${first} refuse`,
    `mend it:   ${COMMAND} gate ${first} open`,
    `what else: ${COMMAND} gate`,
    ...(world.privateVantage === null ? [] : [`report:    ${COMMAND} vantage ${world.privateVantage}`]),
    "stop it:   Ctrl-C",
  ];
}
