// Everything that `monitor doctor` looks at once Node and the packages are known to be there.
import { homedir } from "node:os";
import { examineAccounts, examineContexts, examineTools } from "../local/doctor-machine.ts";
import { examineOnline, skipOnline } from "../local/doctor-online.ts";
import { DOCTOR_GROUPS, type DoctorRow, missing, present } from "../local/doctor-row.ts";
import { examineWorld } from "../local/doctor-world.ts";
import { makeNodeClock } from "../node/clock.ts";
import type { Clock } from "../run/world.ts";
import type { Topology } from "../topology/topology.ts";
import { loadTopology, type LoadedTopology } from "./topology-file.ts";

export interface DoctorWish {
  /** A file. */
  readonly topology: string;
  /** Of the local world's status page. */
  readonly port: number;
  readonly reach: "loopback" | "online";
}

/** By group, in the order of `DOCTOR_GROUPS`. */
export async function examineRest({ topology: file, port, reach }: DoctorWish): Promise<readonly DoctorRow[]> {
  const clock = makeNodeClock();
  const machine = { env: process.env, home: homedir() };
  const loaded = loadTopology(file);
  const topology = loaded.kind === "loaded" ? loaded.topology : null;
  const rows = [
    ...(await examineWorld({ port, at: clock.now() })),
    ...topologyRows(file, loaded),
    ...(await examineTools(machine)),
    ...(await examineContexts(topology?.regions.map(({ cluster }) => cluster.context) ?? null, machine)),
    ...(await examineAccounts(machine)),
    ...(await onlineRows(topology, reach, clock)),
  ];
  return DOCTOR_GROUPS.flatMap((group) => rows.filter((row) => row.group === group));
}

const VARIABLE = /\$\{(\w+)\}, found that it is not set/;

function topologyRows(file: string, loaded: LoadedTopology): readonly DoctorRow[] {
  const topology = {
    group: "deploy",
    name: "topology",
    neededFor: "every command that looks at your service",
  } as const;
  const variables = { group: "deploy", name: "variables", neededFor: "the ${NAME}s in the topology" } as const;
  if (loaded.kind === "loaded") {
    const { regions, service } = loaded.topology;
    return [
      present(topology, `${file}: ${service.host}, ${regions.length} regions`),
      present(variables, "all that it names are set"),
    ];
  }
  const unset = [...new Set(loaded.lines.flatMap((line) => VARIABLE.exec(line)?.[1] ?? []))];
  const others = loaded.lines.filter((line) => !VARIABLE.test(line));
  const [first] = others;
  const more = others.length > 1 ? ` (and ${others.length - 1} more)` : "";
  return [
    first === undefined
      ? present(topology, `${file}, but for its variables`)
      : missing(topology, `${first}${more}`, `npm run -s monitor -- lint ${file}`),
    ...(unset.length > 0
      ? [missing(variables, `not set: ${unset.join(", ")}`, unset.map((name) => `export ${name}=…`).join("; "))]
      : []),
  ];
}

async function onlineRows(
  topology: Topology | null,
  reach: DoctorWish["reach"],
  clock: Clock,
): Promise<readonly DoctorRow[]> {
  if (reach === "loopback")
    return skipOnline("not looked at: no traffic without --online", "npm run -s monitor -- doctor --online");
  return topology === null ? skipOnline("not looked at: no topology", null) : await examineOnline(topology, clock);
}
