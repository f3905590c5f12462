// What `monitor zone compare` was asked for: where our observations are, where Route 53's are, and by which topology.
import { parseArgs } from "node:util";
import type { Topology } from "../topology/topology.ts";
import { type AwsIds, PENDING_IDS } from "../zone/to-aws.ts";
import type { Refusal } from "./refusal.ts";
import { readIds } from "./render-ids.ts";
import { loadTopology, TOPOLOGY_FILE } from "./topology-file.ts";
import type { ZoneSource } from "./zone-diff-arguments.ts";
import { wishedZone } from "./zone-pull.ts";

export interface CompareWish {
  readonly topology: Topology;
  readonly status: { readonly kind: "url"; readonly url: string } | { readonly kind: "file"; readonly file: string };
  readonly zone: ZoneSource;
  /** By region. */
  readonly checkIds: Readonly<Record<string, string>>;
  readonly output: "json" | "text";
}

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const OPTIONS = {
  url: text,
  status: text,
  snapshot: text,
  zone: text,
  "zone-id": text,
  topology: text,
  "check-id": { ...text, multiple: true },
  json: flag,
  endpoint: text,
  help: { ...flag, short: "h" },
} as const;

export function parseCompare(argv: readonly string[]): CompareWish | Refusal {
  try {
    const { values } = parseArgs({ args: [...argv], options: OPTIONS });
    if (values.help === true) return { refusal: "help" };
    const sources = (["snapshot", "zone", "zone-id"] as const).filter((name) => values[name] !== undefined);
    if (sources.length > 1)
      return { refusal: `expected one of --snapshot, --zone and --zone-id, found --${sources.join(" and --")}` };
    if (values.url !== undefined && values.status !== undefined)
      return { refusal: "expected --url or --status, found both" };
    const base = values.url ?? "http://127.0.0.1:8787";
    if (!URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol))
      return { refusal: `--url: expected an http or https URL, found "${base}"` };
    const file = values.topology ?? TOPOLOGY_FILE;
    const loaded = loadTopology(file);
    if (loaded.kind === "broken") return { refusal: "topology", lines: loaded.lines };
    const zone = values.snapshot === undefined ? wishedZone(values.zone, values["zone-id"], file) : null;
    if (zone !== null && "refusal" in zone) return zone;
    const ids = readIds({ zoneId: null, checkIds: values["check-id"] ?? [], collectionId: null }, loaded.topology);
    if ("refusal" in ids) return ids;
    return {
      topology: loaded.topology,
      status: values.status === undefined ? { kind: "url", url: base } : { kind: "file", file: values.status },
      zone:
        zone === null
          ? { kind: "snapshot", file: values.snapshot ?? "" }
          : { kind: "live", zone, endpoint: values.endpoint ?? null },
      checkIds: givenIds(loaded.topology, ids),
      output: values.json === true ? "json" : "text",
    };
  } catch (thrown) {
    return { refusal: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function givenIds({ regions }: Topology, ids: AwsIds): CompareWish["checkIds"] {
  const pairs = regions.map(({ id }) => [id, ids.checkId(id)] as const);
  return Object.fromEntries(pairs.filter(([region, id]) => id !== PENDING_IDS.checkId(region)));
}
