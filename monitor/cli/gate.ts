// `monitor gate`: breaks and mends the local world that `monitor up` runs in another terminal.
import { parseArgs } from "node:util";
import { DNS_FAULTS, GATE_FAULTS } from "../drill/faults.ts";
import { unreachable } from "../problem.ts";
import type { WorldState } from "../local/control.ts";
import { errorText } from "../local/listening.ts";
import { alignRows, paintLine, piece } from "../local/text-line.ts";
import { askState, type ControlReply, findWorld, orderFault, worldlessWords } from "../local/world-client.ts";
import type { FoundWorld } from "../local/world-file.ts";
import { EXIT, envelope } from "./envelope.ts";
import { readPort } from "./local-port.ts";
import { refuse } from "./refusal.ts";

const USAGE = `monitor gate [--port N] [REGION|dns FAULT] [--json]

Breaks and mends the local world of \`monitor up\`. Without REGION and FAULT it shows what is broken, and what can be.

  REGION|dns   a region of the local world, or its DNS server
  FAULT        "open" mends
  --port N     the world on this port; needed when several run
  --json       one JSON envelope on stdout
  --help       this text
`;

interface GateArguments {
  readonly port: number | null;
  readonly order: { readonly target: string; readonly fault: string } | null;
  readonly output: "json" | "text";
}

/** `argv` is what follows "gate". Gives the exit code; 2 for a wrong argument and where there is no single world. */
export async function runGate(argv: readonly string[]): Promise<number> {
  const parsed = parseGate(argv);
  if (typeof parsed === "string") return refuse({ refusal: parsed }, USAGE);
  const search = await findWorld(parsed.port);
  if (search.kind !== "found") return say("stderr", `${worldlessWords(search, parsed.port)}\n`, EXIT.usage);
  return report(await execute(search.world, parsed), parsed, search.world);
}

/** A string is what is wrong, or "help". */
function parseGate(argv: readonly string[]): GateArguments | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { port: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
    if (values.help === true) return "help";
    const read = readPort(values.port);
    if (read.kind === "refused") return read.why;
    const [target, fault, ...rest] = positionals;
    if (rest.length > 0 || (target !== undefined && fault === undefined)) {
      return `expected a region (or dns) and a fault, or neither, found "${positionals.join(" ")}"`;
    }
    const order = target === undefined || fault === undefined ? null : { target, fault };
    return { port: read.port, order, output: values.json === true ? "json" : "text" };
  } catch (error) {
    return errorText(error);
  }
}

function execute(world: FoundWorld, { order }: GateArguments): Promise<ControlReply> {
  return order === null ? askState(world) : orderFault(world, order.target, order.fault);
}

function report(reply: ControlReply, { order, output }: GateArguments, world: FoundWorld): number {
  switch (reply.kind) {
    case "refused":
      return say("stderr", `${reply.refusal.problem} Valid: ${reply.refusal.valid.join(" ")}\n`, EXIT.usage);
    case "failed":
      return say("stderr", `The local world on port ${world.port} failed: ${reply.detail}\n`, EXIT.bug);
    case "state":
      if (output === "json") return say("stdout", envelope("gate", "conforms", reply.state, Date.now()), EXIT.conforms);
      return say("stdout", order === null ? stateText(reply.state) : `${order.target} ${order.fault}\n`, EXIT.conforms);
    default:
      return unreachable(reply);
  }
}

function stateText({ regions, dns, faults }: WorldState): string {
  const rows = [
    ["", "gate", "at"],
    ...regions.map((region) => [region.id, region.fault, region.url]),
    ["dns", dns.fault, `${dns.address} ${dns.dohUrl}`],
  ];
  const list = (names: readonly string[], sentences: Readonly<Record<string, string>>): readonly string[] =>
    plainTable(names.map((name) => [` ${name}`, sentences[name] ?? ""]));
  const lines = [
    ...plainTable(rows),
    "",
    "faults of a region:",
    ...list(faults.region, GATE_FAULTS),
    "",
    "faults of dns:",
    ...list(faults.dns, DNS_FAULTS),
  ];
  return `${lines.join("\n")}\n`;
}

function plainTable(rows: readonly (readonly string[])[]): readonly string[] {
  const lines = alignRows(rows.map((row) => row.map((cell) => piece(cell))));
  return lines.map((line) => paintLine(line, Number.MAX_SAFE_INTEGER, "off"));
}

function say(stream: "stdout" | "stderr", text: string, exitCode: number): number {
  process[stream].write(text);
  return exitCode;
}
