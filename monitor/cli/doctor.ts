// `monitor doctor`: what is missing on this machine, what it is needed for, and how to get it. Without --online it stays on
// loopback.
import { parseArgs } from "node:util";
import { nodeRow, packagesRow } from "../local/doctor-basis.ts";
import { type DoctorRow, lacksNeeded } from "../local/doctor-row.ts";
import { doctorText } from "./doctor-text.ts";
import type { DoctorWish } from "./doctor-rows.ts";
import { envelope, type ExitCode, exitCodeOf } from "./envelope.ts";
import { readPort } from "./local-port.ts";
import { refuse, type Refusal } from "./refusal.ts";

const PORT_DEFAULT = 8787;
/** Said here once more, because what reads topologies cannot be loaded without the packages. */
const TOPOLOGY_DEFAULT = "manifests/topology.yaml";

export const DOCTOR_USAGE = `monitor doctor [--topology FILE] [--port ${PORT_DEFAULT}] [--online] [--json]

What is here of what the local world, a deployment, federation and Route 53 need, and how to get the rest. Credentials are
looked for and never shown.

  --topology FILE  default ${TOPOLOGY_DEFAULT}
  --port N         of the local world's status page (default ${PORT_DEFAULT})
  --online         also resolve the topology's names, and ask the zone's name servers by TCP and UDP; without it there is
                   no traffic other than loopback
  --json           one JSON envelope on stdout

Exit code: 0 the local world can run, 1 something that it needs is missing, 2 wrong usage. What is missing in the other groups
is told and fails nothing.
`;

interface DoctorSettings {
  readonly wish: DoctorWish;
  readonly output: "json" | "text";
}

export async function runDoctor(argv: readonly string[]): Promise<ExitCode> {
  const settings = parseDoctor(argv);
  if ("refusal" in settings) return refuse(settings, DOCTOR_USAGE);
  const rows = await examine(settings.wish);
  const verdict = lacksNeeded(rows) ? "deviates" : "conforms";
  process.stdout.write(
    settings.output === "json"
      ? envelope("doctor", verdict, { rows }, Date.now())
      : doctorText(rows, hasColours() ? "on" : "off"),
  );
  return exitCodeOf(verdict);
}

async function examine(wish: DoctorWish): Promise<readonly DoctorRow[]> {
  const basis = [nodeRow(process.versions.node), packagesRow()];
  if (lacksNeeded(basis)) return basis;
  const { examineRest } = await import("./doctor-rows.ts");
  return [...basis, ...(await examineRest(wish))];
}

function parseDoctor(argv: readonly string[]): DoctorSettings | Refusal {
  const one = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { topology: one, port: one, online: flag, json: flag, help: { ...flag, short: "h" } },
    });
    if (values.help === true) return { refusal: "help" };
    const read = readPort(values.port);
    if (read.kind === "refused") return { refusal: read.why };
    const reach = values.online === true ? "online" : "loopback";
    return {
      wish: { topology: values.topology ?? TOPOLOGY_DEFAULT, port: read.port ?? PORT_DEFAULT, reach },
      output: values.json === true ? "json" : "text",
    };
  } catch (thrown) {
    return { refusal: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function hasColours(): boolean {
  const { env, stdout } = process;
  return stdout.isTTY && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
}
