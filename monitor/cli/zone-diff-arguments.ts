// What `monitor zone diff` was asked for: where the zone is read, in which form the topology's is wanted, what comes out.
import { parseArgs } from "node:util";
import { type PublishedZone, publishedZone, ZONE_FORMS, type ZoneForm } from "../topology/published-zone.ts";
import type { Topology } from "../topology/topology.ts";
import type { PullWish } from "../node/zone-pull.ts";
import type { AwsIds } from "../zone/to-aws.ts";
import type { Refusal } from "./refusal.ts";
import { readIds } from "./render-ids.ts";
import { loadTopology, TOPOLOGY_FILE } from "./topology-file.ts";
import { wishedZone } from "./zone-pull.ts";

export type ZoneSource =
  | { readonly kind: "snapshot"; readonly file: string }
  | { readonly kind: "live"; readonly zone: PullWish["zone"]; readonly endpoint: string | null };

export interface DiffWish {
  readonly topology: Topology;
  readonly source: ZoneSource;
  /** Null: the form that the zone has already. */
  readonly form: ZoneForm | null;
  readonly ids: AwsIds;
  readonly output: "text" | "json" | "batch";
}

export function parseDiff(argv: readonly string[]): DiffWish | Refusal {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        snapshot: text,
        zone: text,
        "zone-id": text,
        topology: text,
        form: text,
        "check-id": { ...text, multiple: true },
        "collection-id": text,
        batch: flag,
        json: flag,
        endpoint: text,
        help: { ...flag, short: "h" },
      },
    });
    if (values.help === true) return { refusal: "help" };
    const refusal = contradiction(values) ?? wrongValue(values);
    if (refusal !== null) return { refusal };
    const topologyFile = values.topology ?? TOPOLOGY_FILE;
    const loaded = loadTopology(topologyFile);
    if (loaded.kind === "broken") return { refusal: "topology", lines: loaded.lines };
    const source = sourceOf(values, topologyFile);
    if ("refusal" in source) return source;
    const ids = readIds(
      { zoneId: null, checkIds: values["check-id"] ?? [], collectionId: values["collection-id"] ?? null },
      loaded.topology,
    );
    if ("refusal" in ids) return ids;
    const form = ZONE_FORMS.find((one) => one === values.form) ?? null;
    const output = values.batch === true ? "batch" : values.json === true ? "json" : "text";
    return { topology: loaded.topology, source, form, ids, output };
  } catch (thrown) {
    return { refusal: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

interface DiffValues {
  readonly snapshot?: string | undefined;
  readonly zone?: string | undefined;
  readonly "zone-id"?: string | undefined;
  readonly form?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly batch?: boolean | undefined;
  readonly json?: boolean | undefined;
}

function contradiction(values: DiffValues): string | null {
  const sources = (["snapshot", "zone", "zone-id"] as const).filter((name) => values[name] !== undefined);
  if (sources.length > 1) return `expected one of --snapshot, --zone and --zone-id, found --${sources.join(" and --")}`;
  if (values.batch === true && values.json === true) return "expected --batch or --json, found both";
  return values.snapshot !== undefined && values.endpoint !== undefined
    ? "--endpoint: expected no --snapshot beside it, which asks nobody"
    : null;
}

function wrongValue({ form, endpoint }: DiffValues): string | null {
  if (form !== undefined && !ZONE_FORMS.some((one) => one === form))
    return `--form: expected ${ZONE_FORMS.join(" or ")}, found "${form}"`;
  return endpoint !== undefined && !/^https?:\/\/[^/]/.test(endpoint)
    ? `--endpoint: expected a URL, found "${endpoint}"`
    : null;
}

function sourceOf(values: DiffValues, topologyFile: string): ZoneSource | Refusal {
  if (values.snapshot !== undefined) return { kind: "snapshot", file: values.snapshot };
  const zone = wishedZone(values.zone, values["zone-id"], topologyFile);
  return "refusal" in zone ? zone : { kind: "live", zone, endpoint: values.endpoint ?? null };
}

/** The form that was asked for; else the one that the zone has, else whichever is possible. */
export function wantedZone(topology: Topology, asked: ZoneForm | null, found: ZoneForm | null): PublishedZone {
  if (asked !== null) return publishedZone(topology, asked);
  const first = publishedZone(topology, found ?? "addresses");
  const second = publishedZone(topology, found === "tree" ? "addresses" : "tree");
  return first.kind === "zone" || second.kind !== "zone" ? first : second;
}
