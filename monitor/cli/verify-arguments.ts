// The arguments of `monitor verify`: which clusters, by way of which federation, and how long each may take.
import { parseArgs } from "node:util";
import type { Federation } from "../clusters/wish.ts";
import { isOfCluster, type PlacedWaiver, placedWaivers } from "../lint/waiver-rules.ts";
import { parseDuration } from "../local/duration.ts";
import { textVariables } from "../node/topology-file.ts";
import { REGIONS_BY, type RegionBy } from "../render/manifest.ts";
import { renderFiles } from "../render/render.ts";
import { formatProblem } from "../problem.ts";
import { SECOND_MS } from "../time.ts";
import type { Region, Topology } from "../topology/topology.ts";
import type { Refusal } from "./refusal.ts";
import { loadTopology, TOPOLOGY_FILE } from "./topology-file.ts";

const FEDERATIONS: readonly Federation[] = ["plain", "kubefed", "karmada"];
const FORMATS = ["text", "json", "junit"] as const;
const TIMEOUT_MAX_MS = 120 * SECOND_MS;

export const TIMEOUT_DEFAULT = "10s";

export const VERIFY_USAGE = `monitor verify [--topology FILE] [--via ${FEDERATIONS.join("|")}] [--context NAME…] [--timeout ${TIMEOUT_DEFAULT}]
               [--region-by ${REGIONS_BY.join("|")}] [--without-claims] [--wait] [--strict] [--format ${FORMATS.join("|")}] [--json]
               [--cluster-role]

Every cluster against the topology, read only: is everything there that \`monitor render\` writes, and as it writes it; do the
Pods run, on the right image and with the right REGION, on nodes of that region; does the Service lead to them; is mTLS
enforced where the Istio add-on is; and is what answers at the region's endpoint one of the cluster's own Pods.

  --topology FILE   default ${TOPOLOGY_FILE}
  --via NAME        also the federation's host, at the topology's federation.context: placements, overrides and what the
                    federation says of each cluster. Default: kubefed where the topology has that context, else plain
  --context NAME    only the cluster of this context; may be given several times
  --timeout TIME    for everything that one cluster is asked (default ${TIMEOUT_DEFAULT}); clusters are asked side by side
  --region-by NAME  as the manifests were rendered (default ${REGIONS_BY[0] ?? ""})
  --without-claims  do not look at the regions' endpoints
  --wait            while something converges or is undecided, look again every 5 s, at most 10 minutes
  --strict          warnings fail too
  --format NAME     text (default), json or junit (XML, for CI)
  --json            the same as --format json: one JSON envelope on stdout
  --cluster-role    print the ClusterRole that is enough, and ask nobody

The topology may waive findings, with a reason and a last day, under lint.waivers: in every cluster, or in one
(subject "Deployment demo in CONTEXT").
Clusters are found by the contexts of your kubeconfig; credential plugins run as for kubectl. No secret is read.
Every finding: docs/verify.md.
Exit code: 0 conforms, 1 deviates, 2 wrong usage or topology, 4 converging, or undecided: a cluster was not reached or not
everything could be read.
`;

export interface VerifyWish {
  readonly topology: Topology;
  /** The topology's file. */
  readonly file: string;
  /** Of findings in clusters. */
  readonly waivers: readonly PlacedWaiver[];
  readonly regions: readonly Region[];
  readonly via: Federation;
  readonly regionBy: RegionBy;
  readonly timeoutMs: number;
  readonly claims: "look" | "skip";
  readonly patience: "look once" | "wait";
  readonly strictness: "lenient" | "strict";
  readonly format: (typeof FORMATS)[number];
  readonly look: "clusters" | "role";
}

export function parseVerify(argv: readonly string[]): VerifyWish | Refusal {
  const one = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const options = {
    topology: one,
    via: one,
    context: { ...one, multiple: true },
    timeout: one,
    "region-by": one,
    "without-claims": flag,
    wait: flag,
    strict: flag,
    format: one,
    json: flag,
    "cluster-role": flag,
    help: { ...flag, short: "h" },
  } as const;
  try {
    const { values } = parseArgs({ args: [...argv], options });
    if (values.help === true) return { refusal: "help" };
    const file = values.topology ?? TOPOLOGY_FILE;
    const loaded = loadRenderable(file);
    if ("refusal" in loaded) return loaded;
    const waivers = placedWaivers({ file, text: loaded.text }, textVariables()).filter(({ id }) => isOfCluster(id));
    return { ...makeWish(loaded.topology, values), file, waivers };
  } catch (thrown) {
    return { refusal: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

interface Values {
  readonly via?: string | undefined;
  readonly context?: readonly string[] | undefined;
  readonly timeout?: string | undefined;
  readonly "region-by"?: string | undefined;
  readonly "without-claims"?: boolean | undefined;
  readonly wait?: boolean | undefined;
  readonly strict?: boolean | undefined;
  readonly format?: string | undefined;
  readonly json?: boolean | undefined;
  readonly "cluster-role"?: boolean | undefined;
}

/** Throws what is wrong, as `parseArgs` does. */
function makeWish(topology: Topology, values: Values): Omit<VerifyWish, "file" | "waivers"> {
  const look = values["cluster-role"] === true ? "role" : "clusters";
  const via = oneOf("--via", values.via, FEDERATIONS, topology.federation === undefined ? "plain" : "kubefed");
  if (via !== "plain" && topology.federation === undefined && look === "clusters")
    throw new Error(`--via ${via}: expected federation.context in the topology, which leads to its host`);
  const format = oneOf("--format", values.format, FORMATS, values.json === true ? "json" : "text");
  if (values.json === true && format !== "json") throw new Error(`--json: expected no other --format, found ${format}`);
  return {
    topology,
    regions: regionsOf(topology, values.context ?? []),
    via,
    regionBy: oneOf("--region-by", values["region-by"], REGIONS_BY, "configmap"),
    timeoutMs: readTimeout(values.timeout ?? TIMEOUT_DEFAULT),
    claims: values["without-claims"] === true ? "skip" : "look",
    patience: values.wait === true ? "wait" : "look once",
    strictness: values.strict === true ? "strict" : "lenient",
    format,
    look,
  };
}

function oneOf<T extends string>(option: string, given: string | undefined, known: readonly T[], usual: T): T {
  if (given === undefined) return usual;
  const found = known.find((one) => one === given);
  if (found === undefined) throw new Error(`${option}: expected ${known.join(", ")}, found "${given}"`);
  return found;
}

export function readTimeout(given: string): number {
  const parsed = parseDuration(given);
  if (!parsed.ok) throw new Error(`--timeout: ${parsed.problems[0]?.message ?? ""}`);
  if (parsed.value <= TIMEOUT_MAX_MS) return parsed.value;
  throw new Error(`--timeout: expected at most ${TIMEOUT_MAX_MS / SECOND_MS} s, found "${given}"`);
}

/** All, where none is named. */
export function regionsOf({ regions }: Topology, contexts: readonly string[]): readonly Region[] {
  const known = regions.map(({ cluster }) => cluster.context);
  const stray = contexts.find((context) => !known.includes(context));
  if (stray !== undefined)
    throw new Error(`--context: expected a cluster of the topology (${known.join(", ")}), found "${stray}"`);
  return contexts.length === 0 ? regions : regions.filter(({ cluster }) => contexts.includes(cluster.context));
}

/** What cannot be rendered cannot be compared. */
export function loadRenderable(file: string): { readonly topology: Topology; readonly text: string } | Refusal {
  const loaded = loadTopology(file);
  if (loaded.kind === "broken") return { refusal: "topology", lines: loaded.lines };
  const rendered = renderFiles(loaded.topology, [], "configmap");
  if (rendered.ok) return { topology: loaded.topology, text: loaded.text };
  return { refusal: "topology", lines: rendered.problems.map((problem) => formatProblem(problem, file)) };
}
