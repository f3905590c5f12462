// A hosted zone in whatever form it is written down: our snapshot, a change batch, what the AWS command line takes and prints.
// Each becomes the API's own shapes with the place of every record set and health check, so that findings can point at a line.
import * as z from "zod/mini";
import type { Place } from "../model/finding.ts";
import type { Parsed, Problem } from "../problem.ts";
import { list, oneOf } from "../topology/form.ts";
import { type Path, pathKey, valueAt } from "../topology/path.ts";
import { readSource, type SourceLimits } from "../topology/source.ts";
import type { Tree } from "../topology/tree.ts";
import { inOrder, problemsOfIssue } from "../topology/wording.ts";
import {
  type AwsHealthCheck,
  type AwsRecordSet,
  HEALTH_CHECK,
  HEALTH_CHECK_CONFIG,
  HEALTH_CHECKS_MAX,
  RECORD_SET,
  RECORD_SETS_MAX,
  shape,
} from "./aws-shapes.ts";
import { plainId } from "./from-aws.ts";
import { SNAPSHOT, SNAPSHOT_KIND, type Snapshot } from "./snapshot.ts";
import { requestedCheckId } from "./to-aws.ts";

/** A zone of 10,000 record sets, Route 53's quota, needs about 4 million characters and 150,000 values. */
export const ZONE_LIMITS: SourceLimits = { textMax: 32 * 1024 * 1024, valuesMax: 2_000_000 };

export interface Placed<T> {
  readonly value: T;
  readonly place: Place;
  /** What its owner calls it, such as Terraform's address; absent where the API's own words are all there is. */
  readonly address?: string;
  /** Fields of the API that will have a value which is not known yet; absent: all that is there is known. */
  readonly unknown?: ReadonlySet<string>;
}

export interface ZoneDocument {
  readonly file: string;
  readonly form: "snapshot" | "change-batch" | "record-sets" | "health-checks" | "health-check-requests" | "terraform";
  /** Null: it does not say. */
  readonly zoneId: string | null;
  readonly zoneName: string | null;
  /** In the order of the file; a batch's DELETEs are left out. */
  readonly recordSets: readonly Placed<AwsRecordSet>[];
  readonly healthChecks: readonly Placed<AwsHealthCheck>[];
  /** All that a snapshot says beside these; null for the other forms, which are a part of a zone. */
  readonly snapshot: Snapshot | null;
}

const CHANGES = shape({
  Changes: list(
    shape({ Action: oneOf(["CREATE", "UPSERT", "DELETE"], "what to do"), ResourceRecordSet: RECORD_SET }),
    [0, RECORD_SETS_MAX],
    "changes",
  ),
});
const RECORD_SETS = shape({ ResourceRecordSets: list(RECORD_SET, [0, RECORD_SETS_MAX], "record sets") });
const HEALTH_CHECKS = shape({ HealthChecks: list(HEALTH_CHECK, [0, HEALTH_CHECKS_MAX], "health checks") });
/** What CreateHealthCheck takes, several in a list. */
const REQUESTS = list(
  shape({ CallerReference: z.string("a text"), HealthCheckConfig: HEALTH_CHECK_CONFIG }),
  [0, HEALTH_CHECKS_MAX],
  "health checks to be made",
);

/** The form that a text claims to have; null: it is no zone. Cheap, so that any file may be asked. */
export function zoneForm(text: string): Exclude<ZoneDocument["form"], "terraform"> | null {
  if (!/^\s*[{[]/.test(text)) return null;
  const keys = topKeys(text);
  if (keys["0"] !== undefined)
    return valueAt(keys["0"], ["HealthCheckConfig", "Type"]) === undefined ? null : "health-check-requests";
  if (keys["kind"] === SNAPSHOT_KIND) return "snapshot";
  if (Array.isArray(keys["Changes"])) return "change-batch";
  if (Array.isArray(keys["ResourceRecordSets"])) return "record-sets";
  return Array.isArray(keys["HealthChecks"]) ? "health-checks" : null;
}

function topKeys(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
  } catch {
    // A snapshot with a slip in it is still meant as one, and is told what the slip is.
    return /"kind"\s*:\s*"route53-snapshot"/.test(text) ? { kind: SNAPSHOT_KIND } : {};
  }
}

/** Every problem with its line; a text that is no zone is one problem. */
export function parseZoneDocument(file: string, text: string): Parsed<ZoneDocument> {
  const form = zoneForm(text);
  if (form === null) {
    const message = `expected a hosted zone as JSON (${SNAPSHOT_KIND}, a change batch, or the record sets or health checks that the AWS command line prints), found something else`;
    return { ok: false, problems: [{ message, line: 1, column: 1 }] };
  }
  const { tree, problems } = readSource(text, null, ZONE_LIMITS);
  if (tree === null || problems.length > 0) return { ok: false, problems };
  return parseForm(form, file, tree);
}

function parseForm(form: Exclude<ZoneDocument["form"], "terraform">, file: string, tree: Tree): Parsed<ZoneDocument> {
  const placeOf = (path: Path): Place => ({
    file,
    ...(tree.spots.get(pathKey(path))?.value ?? { line: 1, column: 1 }),
  });
  const placed = <T>(values: readonly T[], pathTo: (index: number) => Path): readonly Placed<T>[] =>
    values.map((value, index) => ({ value, place: placeOf(pathTo(index)) }));
  const none = { file, form, zoneId: null, zoneName: null, recordSets: [], healthChecks: [], snapshot: null };
  switch (form) {
    case "snapshot":
      return read(SNAPSHOT, tree, (snapshot) => ({
        ...none,
        zoneId: plainId(snapshot.hostedZone.Id),
        zoneName: snapshot.hostedZone.Name,
        recordSets: placed(snapshot.resourceRecordSets, (index) => ["resourceRecordSets", index]),
        healthChecks: placed(snapshot.healthChecks, (index) => ["healthChecks", index]),
        snapshot,
      }));
    case "change-batch":
      return read(CHANGES, tree, ({ Changes: changes }) => ({
        ...none,
        recordSets: placed(changes, (index) => ["Changes", index, "ResourceRecordSet"])
          .filter(({ value }) => value.Action !== "DELETE")
          .map(({ value, place }) => ({ value: value.ResourceRecordSet, place })),
      }));
    case "record-sets":
      return read(RECORD_SETS, tree, ({ ResourceRecordSets: values }) => ({
        ...none,
        recordSets: placed(values, (index) => ["ResourceRecordSets", index]),
      }));
    case "health-checks":
      return read(HEALTH_CHECKS, tree, ({ HealthChecks: values }) => ({
        ...none,
        healthChecks: placed(values, (index) => ["HealthChecks", index]),
      }));
    case "health-check-requests":
      return read(REQUESTS, tree, (requests) => ({
        ...none,
        healthChecks: placed(requests, (index) => [index]).map(({ value, place }) => ({
          value: { Id: requestedCheckId(value.CallerReference), HealthCheckConfig: value.HealthCheckConfig },
          place,
        })),
      }));
  }
}

function read<T extends z.ZodMiniType>(
  schema: T,
  tree: Tree,
  make: (value: z.output<T>) => ZoneDocument,
): Parsed<ZoneDocument> {
  const parsed = z.safeParse(schema, tree.value);
  if (parsed.success) return { ok: true, value: make(parsed.data) };
  const problems: readonly Problem[] = parsed.error.issues.flatMap((issue) => problemsOfIssue(issue, tree));
  return { ok: false, problems: inOrder(problems) };
}
