// The hosted zones of `terraform show -json`, of a plan or a state: what Terraform has made, or will make of them. A plan says which
// values nobody knows yet; its configuration says whose they will be.
import * as z from "zod/mini";
import type { Place } from "../model/finding.ts";
import type { Parsed, Problem } from "../problem.ts";
import { isMap, listAt, mapAt, textAt } from "../topology/loose-value.ts";
import { formatPath, type Path, pathKey, valueAt } from "../topology/path.ts";
import { HEALTH_CHECK, RECORD_SET } from "./aws-shapes.ts";
import { type Placed, ZONE_LIMITS, type ZoneDocument } from "./document.ts";
import { placesOfItems } from "./json-places.ts";
import { type Configuration, isUnknown, referredResource, type TerraformResource } from "./terraform-configuration.ts";
import {
  fullName,
  HEALTH_CHECK_RESOURCE,
  healthCheckShape,
  HOSTED_ZONE,
  idOf,
  type RawShape,
  RECORD,
  recordShape,
} from "./terraform-shapes.ts";

/** Modules inside of modules. */
const MODULES_DEPTH_MAX = 32;
const RESOURCES_MAX = 200_000;
const FOUND_MAX = 80;

/** Is this what `terraform show -json` prints? Of an empty state that is the format's version alone. */
export function isTerraform(text: string): boolean {
  if (!/^\s*\{/.test(text) || !text.includes('"format_version"')) return false;
  const value = jsonOf(text);
  if (!isMap(value) || typeof value["format_version"] !== "string") return false;
  return Object.keys(value).length === 1 || PARTS.some((part) => Object.hasOwn(value, part));
}

const PARTS = ["terraform_version", "values", "planned_values", "resource_changes"];

interface ShownZone {
  readonly id: string;
  readonly name: string | null;
}

/** One document for each hosted zone that has records here, by the order of their first records; all have all health checks. */
export function parseTerraform(file: string, text: string): Parsed<readonly ZoneDocument[]> {
  if (text.length > ZONE_LIMITS.textMax) {
    const message = `expected at most ${ZONE_LIMITS.textMax} characters, found ${text.length}`;
    return { ok: false, problems: [{ message, line: 1, column: 1 }] };
  }
  const shown = jsonOf(text);
  const resources = resourcesOf(shown);
  const configuration: Configuration = { root: valueAt(shown, ["configuration", "root_module"]), resources };
  const places = placesOfItems(text, "resources");
  const placeOf = ({ path }: TerraformResource): Place => ({
    file,
    ...(places.get(pathKey(path)) ?? { line: 1, column: 1 }),
  });
  const problems: Problem[] = [];
  const checks = ofType(resources, HEALTH_CHECK_RESOURCE).flatMap((resource) => {
    const shape = healthCheckShape(resource, configuration);
    const unread = shape.unknown.has("Type");
    return unread ? [] : placed(HEALTH_CHECK, resource, shape, placeOf(resource), problems);
  });
  const zones = new Map<
    string,
    { readonly zone: ShownZone; readonly records: Placed<z.output<typeof RECORD_SET>>[] }
  >();
  for (const resource of ofType(resources, RECORD)) {
    const zone = zoneOfRecord(resource, configuration);
    const nameOfRecord = (other: TerraformResource): string | null => {
      const name = fullName(other, zoneOfRecord(other, configuration).name);
      return typeof name === "string" ? name : null;
    };
    // A name that nobody knows yet is no name to say anything about.
    if (nameOfRecord(resource) === null || isUnknown(resource.unknown, ["type"])) continue;
    const shape = recordShape(resource, configuration, { zoneName: zone.name, nameOfRecord });
    const group = zones.get(zone.id) ?? { zone, records: [] };
    zones.set(zone.id, group);
    group.records.push(...placed(RECORD_SET, resource, shape, placeOf(resource), problems));
  }
  if (problems.length > 0) return { ok: false, problems };
  const found = [...zones.values()];
  const alone = { zone: { id: null, name: null }, records: [] };
  return {
    ok: true,
    value: (found.length === 0 ? [alone] : found).map(({ zone, records }) => ({
      file,
      form: "terraform",
      zoneId: zone.id,
      zoneName: zone.name,
      recordSets: records,
      healthChecks: checks,
      snapshot: null,
    })),
  };
}

function jsonOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

function ofType(resources: readonly TerraformResource[], type: string): readonly TerraformResource[] {
  return resources.filter((resource) => resource.type === type && resource.mode === "managed");
}

/** Of the planned values, else of the state; data sources of the state before a plan as well. */
function resourcesOf(shown: unknown): readonly TerraformResource[] {
  const unknown = new Map(
    listAt(shown, ["resource_changes"]).map((change) => [
      textAt(change, ["address"]),
      valueAt(change, ["change", "after_unknown"]),
    ]),
  );
  const root: Path = isMap(valueAt(shown, ["planned_values"]))
    ? ["planned_values", "root_module"]
    : ["values", "root_module"];
  const own = inModule(shown, root, unknown, 0);
  const before = inModule(shown, ["prior_state", "values", "root_module"], new Map(), 0);
  const named = new Set(own.map(({ address }) => address));
  return [...own, ...before.filter(({ mode, address }) => mode === "data" && !named.has(address))].slice(
    0,
    RESOURCES_MAX,
  );
}

function inModule(
  shown: unknown,
  path: Path,
  unknown: ReadonlyMap<string, unknown>,
  depth: number,
): readonly TerraformResource[] {
  if (depth > MODULES_DEPTH_MAX) return [];
  const module = textAt(shown, [...path, "address"]);
  const own = listAt(shown, [...path, "resources"]).flatMap((resource, index): readonly TerraformResource[] => {
    if (!isMap(resource)) return [];
    const address = textAt(resource, ["address"]);
    const key = resource["index"];
    return [
      {
        address,
        module,
        mode: resource["mode"] === "data" ? "data" : "managed",
        type: textAt(resource, ["type"]),
        name: textAt(resource, ["name"]),
        index: key === undefined || key === null ? "" : `[${JSON.stringify(key)}]`,
        values: mapAt(resource, ["values"]),
        unknown: unknown.get(address) ?? {},
        path: [...path, "resources", index],
      },
    ];
  });
  const children = listAt(shown, [...path, "child_modules"]);
  return [
    ...own,
    ...children.flatMap((_, index) => inModule(shown, [...path, "child_modules", index], unknown, depth + 1)),
  ];
}

/** By the id, or by the zone that the configuration names. */
function zoneOfRecord(resource: TerraformResource, configuration: Configuration): ShownZone {
  const id = textAt(resource.values, ["zone_id"]);
  const known = configuration.resources.find((one) => one.type === HOSTED_ZONE && id !== "" && idOf(one) === id);
  const zone = known ?? (id === "" ? referredResource(configuration, resource, ["zone_id"], [HOSTED_ZONE]) : null);
  if (zone === null)
    return {
      id: id === "" ? `the zone of ${resource.module === "" ? "the root module" : resource.module}` : id,
      name: null,
    };
  const name = textAt(zone.values, ["name"]);
  return { id: idOf(zone), name: name === "" ? null : name };
}

function placed<T extends z.ZodMiniType>(
  schema: T,
  { address }: TerraformResource,
  { value, unknown }: RawShape,
  place: Place,
  problems: Problem[],
): readonly Placed<z.output<T>>[] {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return [{ value: parsed.data, place, address, unknown }];
  for (const { path: steps, message } of parsed.error.issues) {
    const path = steps.map((step) => (typeof step === "number" ? step : String(step)));
    const found = (JSON.stringify(valueAt(value, path)) ?? "nothing").slice(0, FOUND_MAX);
    problems.push({
      path: `${address}: ${formatPath(path)}`,
      message: `expected ${message}, found ${found}`,
      line: place.line,
      column: place.column,
    });
  }
  return [];
}
