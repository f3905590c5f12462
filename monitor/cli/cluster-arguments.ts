// The arguments of `monitor cluster`: which edit is wished for, or what is wrong with the wish. What the values may be is
// the topology's business, which is asked about the edited text.
import { parseArgs } from "node:util";
import type { NewRegion } from "./cluster-edit.ts";
import type { Refusal } from "./refusal.ts";
import { TOPOLOGY_FILE } from "./topology-file.ts";

export interface ClusterWish {
  readonly order:
    | { readonly verb: "add"; readonly region: NewRegion }
    | { readonly verb: "remove"; readonly id: string };
  readonly file: string;
  readonly mode: "plan" | "write";
  readonly output: "json" | "text";
}

interface ClusterValues {
  readonly region?: string | undefined;
  readonly cloud?: string | undefined;
  readonly "aws-region"?: string | undefined;
  readonly context?: string | undefined;
  readonly url?: string | undefined;
  readonly address?: readonly string[] | undefined;
  readonly replicas?: string | undefined;
  readonly topology?: string | undefined;
  readonly yes?: boolean | undefined;
  readonly json?: boolean | undefined;
}

const OF_ADD = ["region", "cloud", "aws-region", "context", "url", "address", "replicas"] as const;
const NEEDED = ["region", "context", "url", "address"] as const;

export function parseCluster(argv: readonly string[]): ClusterWish | Refusal {
  const one = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const options = {
    region: one,
    cloud: one,
    "aws-region": one,
    context: one,
    url: one,
    address: { ...one, multiple: true },
    replicas: one,
    topology: one,
    yes: flag,
    json: flag,
    help: { ...flag, short: "h" },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options });
    return values.help === true ? { refusal: "help" } : makeWish(positionals, values);
  } catch (thrown) {
    return { refusal: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function makeWish(positionals: readonly string[], values: ClusterValues): ClusterWish | Refusal {
  const [verb, id, ...rest] = positionals;
  if ((verb !== "add" && verb !== "remove") || id === undefined || rest.length > 0)
    return { refusal: `expected "cluster add ID" or "cluster remove ID", found "cluster ${positionals.join(" ")}"` };
  const order = verb === "add" ? addOrder(id, values) : removeOrder(id, values);
  if ("refusal" in order) return order;
  return {
    order,
    file: values.topology ?? TOPOLOGY_FILE,
    mode: values.yes === true ? "write" : "plan",
    output: values.json === true ? "json" : "text",
  };
}

function removeOrder(id: string, values: ClusterValues): ClusterWish["order"] | Refusal {
  const stray = OF_ADD.find((name) => values[name] !== undefined);
  return stray === undefined ? { verb: "remove", id } : { refusal: `--${stray}: expected with "cluster add" only` };
}

function addOrder(id: string, values: ClusterValues): ClusterWish["order"] | Refusal {
  const { region = "", context = "", url = "", address: addresses = [], replicas } = values;
  const missing = NEEDED.find((name) => values[name] === undefined);
  if (missing !== undefined) return { refusal: `expected --${missing}` };
  if (replicas !== undefined && !/^\d{1,9}$/.test(replicas))
    return { refusal: `--replicas: expected a whole number, found "${replicas}"` };
  const awsRegion = values["aws-region"] ?? null;
  const cloud = values.cloud ?? null;
  const count = replicas === undefined ? null : Number(replicas);
  return { verb: "add", region: { id, region, cloud, awsRegion, context, replicas: count, url, addresses } };
}
