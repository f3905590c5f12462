// The object that one member cluster gets: the template with its identity forced, what KubeFed takes over from the object
// that is there, and the managed label. Overrides come between the last two [SRC kubefed:pkg/controller/sync/resource.go,
// dispatch/retain.go].
import type { Parsed } from "../problem.ts";
import { valueAt } from "../topology/path.ts";
import { apiVersionOf, type FederatedKind } from "./federation-kinds.ts";
import { isList, isMap, listAt, sameValue, textAt, textsAt, withValue } from "./federation-value.ts";

export const MANAGED_LABEL = "kubefed.io/managed";

/** What `template.metadata` may not bring; KubeFed warns by an event and goes on without it. */
export const STRIPPED_METADATA = ["annotations", "finalizers"] as const;

export interface MemberObject {
  readonly object: unknown;
  /** Names of what was taken away. */
  readonly stripped: readonly string[];
}

export function objectOfTemplate(federated: unknown, kind: FederatedKind): Parsed<MemberObject> {
  const template = valueAt(federated, ["spec", "template"]) ?? {};
  if (!isMap(template))
    return { ok: false, problems: [{ message: "Error retrieving template body: spec.template is no mapping" }] };
  const stripped = STRIPPED_METADATA.filter((field) => isFilled(template, field));
  const withoutThem = stripped.reduce<unknown>((object, field) => withoutMetadata(object, field), template);
  const named = withValue(withoutThem, ["metadata", "name"], textAt(federated, ["metadata", "name"]));
  const placed =
    kind.kind === "Namespace" ? named : withValue(named, ["metadata", "namespace"], namespaceOf(federated));
  const object = withValue(placed, ["kind"], kind.kind);
  const apiVersion = textAt(object, ["apiVersion"]) || apiVersionOf(kind);
  return { ok: true, value: { object: withValue(object, ["apiVersion"], apiVersion), stripped } };
}

/** Undefined for cluster-scoped ones, which takes the key away. */
function namespaceOf(federated: unknown): string | undefined {
  return textAt(federated, ["metadata", "namespace"]) || undefined;
}

/** With a value that is no text Go reads none of them, so nothing is stripped and the member's API server refuses. */
function isFilled(template: unknown, field: (typeof STRIPPED_METADATA)[number]): boolean {
  if (field === "annotations") return Object.keys(textsAt(template, ["metadata", field]) ?? {}).length > 0;
  const items = listAt(template, ["metadata", field]);
  return items.length > 0 && items.every((item) => typeof item === "string");
}

function withoutMetadata(object: unknown, field: string): unknown {
  return withValue(object, ["metadata", field], undefined);
}

/** What the object that is already there keeps, before overrides: they may still set the same fields. */
export function retainFields(desired: unknown, live: unknown, federated: unknown, kind: string): unknown {
  const metadata = ["resourceVersion", "finalizers", "annotations"].reduce(
    (object, field) => withValue(object, ["metadata", field], valueAt(live, ["metadata", field])),
    desired,
  );
  if (kind === "Service") return retainService(metadata, live);
  if (kind === "ServiceAccount") return retainSecrets(metadata, live);
  const replicas = valueAt(live, ["spec", "replicas"]);
  return valueAt(federated, ["spec", "retainReplicas"]) === true && typeof replicas === "number"
    ? withValue(metadata, ["spec", "replicas"], replicas)
    : metadata;
}

function retainService(desired: unknown, live: unknown): unknown {
  const nodePort = valueAt(live, ["spec", "healthCheckNodePort"]);
  const address = textAt(live, ["spec", "clusterIP"]);
  const addresses = listAt(live, ["spec", "clusterIPs"]);
  let object = desired;
  if (typeof nodePort === "number" && nodePort > 0)
    object = withValue(object, ["spec", "healthCheckNodePort"], nodePort);
  if (address !== "") object = withValue(object, ["spec", "clusterIP"], address);
  if (addresses.length > 0) object = withValue(object, ["spec", "clusterIPs"], addresses);
  if (!isList(valueAt(live, ["spec", "ports"]))) return object;
  const ports = listAt(object, ["spec", "ports"]).map((port) => retainNodePort(port, listAt(live, ["spec", "ports"])));
  return withValue(object, ["spec", "ports"], ports);
}

/** An absent protocol is not TCP here: the comparison is of the fields as they are written. */
function retainNodePort(port: unknown, livePorts: readonly unknown[]): unknown {
  const same = livePorts.findLast(
    (live) =>
      ["name", "protocol", "port"].every((field) => sameValue(valueAt(port, [field]), valueAt(live, [field]))) &&
      valueAt(live, ["nodePort"]) !== undefined,
  );
  return same === undefined ? port : withValue(port, ["nodePort"], valueAt(same, ["nodePort"]));
}

function retainSecrets(desired: unknown, live: unknown): unknown {
  const secrets = listAt(live, ["secrets"]);
  return listAt(desired, ["secrets"]).length > 0 || secrets.length === 0
    ? desired
    : withValue(desired, ["secrets"], secrets);
}

/** Last of all. With a label that is no text all labels but this one are lost, because Go then reads none of them. */
export function withManagedLabel(object: unknown): unknown {
  return withValue(object, ["metadata", "labels"], {
    ...textsAt(object, ["metadata", "labels"]),
    [MANAGED_LABEL]: "true",
  });
}

export function managedLabel(object: unknown): string {
  return textsAt(object, ["metadata", "labels"])?.[MANAGED_LABEL] ?? "";
}
