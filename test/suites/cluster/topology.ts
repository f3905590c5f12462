// The shipped topology with a federation's host, as a file for the command line and as a value.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseTopology } from "../../../monitor/topology/parse.ts";
import type { Region, Topology } from "../../../monitor/topology/topology.ts";
import { ROOT } from "../../support/source-files.ts";

export const HOST = "kubefed-host";
export const MEMBERS = ["aws-us-east-1", "gcp-europe-west1"] as const;
export const NAMESPACE = "multicloud-demo";
export const NAME = "multicloud-demo";

export const TOPOLOGY_TEXT = readFileSync(join(ROOT, "manifests/topology.yaml"), "utf8").replace(
  "# federation: { context: kubefed-host }",
  `federation: { context: ${HOST} }`,
);

export const TOPOLOGY: Topology = parsed();

function parsed(): Topology {
  const result = parseTopology(TOPOLOGY_TEXT, {});
  if (!result.ok) throw new Error("the shipped topology is broken");
  return result.value;
}

/** The path of the file. */
export function writeTopology(folder: string): string {
  const path = join(folder, "topology.yaml");
  writeFileSync(path, TOPOLOGY_TEXT);
  return path;
}

export function regionAt(context: string): Region {
  const region = TOPOLOGY.regions.find(({ cluster }) => cluster.context === context);
  if (region === undefined) throw new Error(`the topology has no cluster ${context}`);
  return region;
}
