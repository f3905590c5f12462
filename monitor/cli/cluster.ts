// `monitor cluster`: one entry of the topology more or less, shown before it is written, and what has to follow in the world.
import { readFileSync } from "node:fs";
import { assert } from "../problem.ts";
import type { Region, Topology } from "../topology/topology.ts";
import { type ClusterWish, parseCluster } from "./cluster-arguments.ts";
import { addRegion, removeRegion, type TopologyEdit } from "./cluster-edit.ts";
import { type NextStep, stepsAfterAdding, stepsAfterRemoving } from "./cluster-next.ts";
import { envelope, EXIT, type ExitCode } from "./envelope.ts";
import { refuse, type Refusal } from "./refusal.ts";
import { checkEdited, writeEdited } from "./topology-edit.ts";
import { loadTopology, TOPOLOGY_FILE } from "./topology-file.ts";

export const CLUSTER_USAGE = `monitor cluster add ID --region R --context C --url URL --address IP… [--cloud NAME]
                    [--aws-region R] [--replicas N] [--topology FILE] [--yes] [--json]
monitor cluster remove ID [--topology FILE] [--yes] [--json]

One entry more or less under \`regions\` of the topology; the rest of the file stays as it is. Shows what would change and
what has to follow; writes only with --yes.

  ID                the region's name here, in reports and in Route 53
  --region R        cloud region code, which the service there must claim as its REGION
  --context C       context in the kubeconfig, and the cluster's name in federation
  --url URL         scheme and host under watch, a name of this region alone
  --address IP      what DNS answers for it; may be given several times
  --cloud NAME      what the service sees as CLOUD: aws, gcp, azure …
  --aws-region R    AWS region of its latency record; outside AWS, the nearest one
  --replicas N      default: the topology's own default
  --topology FILE   default ${TOPOLOGY_FILE}
  --yes             write the file
  --json            one JSON envelope on stdout

Exit code: 0 shown or written, 2 wrong usage, or a topology that is wrong before or would be wrong after.
`;

interface Outcome {
  readonly edit: TopologyEdit;
  readonly next: readonly NextStep[];
}

export async function runCluster(argv: readonly string[]): Promise<ExitCode> {
  const wish = parseCluster(argv);
  if ("refusal" in wish) return refuse(wish, CLUSTER_USAGE);
  const loaded = loadTopology(wish.file);
  if (loaded.kind === "broken") return refuse({ refusal: "topology", lines: loaded.lines }, CLUSTER_USAGE);
  const outcome = decide(wish, readFileSync(wish.file, "utf8"), loaded.topology);
  if ("refusal" in outcome) return refuse(outcome, CLUSTER_USAGE);
  const obstacle = wish.mode === "write" ? writeEdited(wish.file, outcome.edit.text) : null;
  if (obstacle !== null) return refuse({ refusal: "topology", lines: [obstacle] }, CLUSTER_USAGE);
  const { change, line, lines } = outcome.edit;
  const payload = { file: wish.file, written: wish.mode === "write", change, line, lines, next: outcome.next };
  const command = `cluster ${wish.order.verb}`;
  process.stdout.write(
    wish.output === "json" ? envelope(command, "conforms", payload, Date.now()) : textOf(wish, outcome),
  );
  return EXIT.conforms;
}

function decide({ order, file }: ClusterWish, text: string, before: Topology): Outcome | Refusal {
  const id = order.verb === "add" ? order.region.id : order.id;
  const known = before.regions.find((region) => region.id === id);
  if (order.verb === "remove") {
    const problem = known === undefined ? unknownRegion(before, id) : roleProblem(before, id);
    if (problem !== null) return { refusal: "topology", lines: [`${file}: ${problem}`] };
  }
  const edit = order.verb === "add" ? addRegion(text, order.region) : removeRegion(text, id);
  if (edit === null) {
    const expected =
      "expected regions as lines that start with a hyphen (- id: …); a list in brackets is yours to edit";
    return { refusal: "topology", lines: [`${file}: regions: ${expected}`] };
  }
  const after = checkEdited(edit.text, file);
  if ("refusal" in after) return after;
  const region = known ?? after.topology.regions.find((other) => other.id === id);
  assert(region !== undefined, `no region ${id}, neither before nor after the edit`);
  return { edit, next: nextSteps(order.verb, after.topology, region, file) };
}

function nextSteps(verb: "add" | "remove", topology: Topology, region: Region, file: string): readonly NextStep[] {
  return verb === "add" ? stepsAfterAdding(topology, region, file) : stepsAfterRemoving(topology, region, file);
}

function unknownRegion({ regions }: Topology, id: string): string {
  return `expected a region of the topology (${regions.map((region) => region.id).join(", ")}), found "${id}"`;
}

/** Null: it may go. Users of a failover pair are moved by people, not by an edit of a list. */
function roleProblem({ dns, regions }: Topology, id: string): string | null {
  const { policy } = dns;
  if (policy.routing !== "failover") return null;
  const role = id === policy.primary ? "primary" : id === policy.secondary ? "secondary" : null;
  if (role === null) return null;
  const others = regions
    .map((region) => region.id)
    .filter((other) => other !== policy.primary && other !== policy.secondary);
  const instead = others.length === 0 ? "add another cluster first, then name it there" : `one of ${others.join(", ")}`;
  return `${id} is the failover ${role}: first give dns.policy.${role} to another region (${instead}), bring that into Route 53, and then remove this one`;
}

function textOf({ file, mode, order }: ClusterWish, { edit, next }: Outcome): string {
  const sign = edit.change === "added" ? "+" : "-";
  const steps = next.flatMap((step) =>
    step.kind === "run" ? [`  # ${step.because}`, `  ${step.command}`] : [`  # ${step.because}`],
  );
  const written = mode === "write" ? "Written." : "Nothing was written: add --yes to write it.";
  const lines = [
    `${file}:${edit.line}`,
    ...edit.lines.map((line) => `${sign} ${line.trimEnd()}`.trimEnd()),
    "",
    written,
    "",
    order.verb === "add"
      ? "Then, with HOST as context of KubeFed's host:"
      : "Then, in this order, with HOST as context of KubeFed's host:",
    ...steps,
  ];
  return `${lines.join("\n")}\n`;
}
