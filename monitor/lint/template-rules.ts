// Rules about what KubeFed takes out of a template, or puts over it.
import { valueAt } from "../topology/path.ts";
import { MANAGED_LABEL } from "../verify/federation-member.ts";
import { isList, isMap, mapAt, textAt } from "../verify/federation-value.ts";
import { type Rule, sightingAt, type Sighting } from "./rule.ts";
import type { FederatedObject, Scene } from "./scene.ts";

const METADATA = ["spec", "template", "metadata"];
const TEMPLATE = "kubefed v0.10.0 pkg/controller/sync/resource.go ObjectForCluster; measured";

export const TEMPLATE_RULES: readonly Rule[] = [
  {
    id: "KF-ANNOTATIONS-STRIPPED",
    severity: "error",
    wrong: "Annotations of a template never arrive: KubeFed strips them and only says so in an event.",
    fix: "Override the whole /metadata/annotations with op: add per cluster; those of the Pod template do arrive.",
    source: TEMPLATE,
    sightings: ({ federated }) => federated.flatMap((object) => stripped(object, "annotations")),
  },
  {
    id: "KF-FINALIZERS-STRIPPED",
    severity: "error",
    wrong: "Finalizers of a template never arrive: KubeFed strips them and only says so in an event.",
    fix: "Take them out of the template.",
    source: TEMPLATE,
    sightings: ({ federated }) => federated.flatMap((object) => stripped(object, "finalizers")),
  },
  {
    id: "KF-LABEL-NOT-TEXT",
    severity: "error",
    wrong: "With one label that is no text KubeFed reads none of them: the member's object loses all its labels.",
    fix: "Put the value into quotes.",
    source: "kubefed v0.10.0 pkg/controller/util/managedlabel.go; apimachinery NestedStringMap",
    sightings: ({ federated }) => federated.flatMap(labelsNotText),
  },
  {
    id: "KF-LABEL-MANAGED",
    severity: "warning",
    wrong: "KubeFed sets this label itself, last of all, so a value in the template means nothing.",
    fix: "Take it out; to pause one object, label it false in the member.",
    source: "kubefed v0.10.0 pkg/controller/sync/resource.go ApplyOverrides; measured",
    sightings: ({ federated }) =>
      federated
        .filter(({ value }) => valueAt(value, [...METADATA, "labels", MANAGED_LABEL]) !== undefined)
        .map(({ object }) =>
          sightingAt(object, [...METADATA, "labels", MANAGED_LABEL], "KubeFed overwrites this label"),
        ),
  },
  {
    id: "KF-IDENTITY-IGNORED",
    severity: "warning",
    wrong: "Name, namespace and kind of a template are overwritten by those of the federated object.",
    fix: "Take them out of the template, or rename the federated object.",
    source: TEMPLATE,
    sightings: ({ federated }) => federated.flatMap(identityIgnored),
  },
  {
    id: "KF-ALSO-PLAIN",
    severity: "warning",
    wrong: "A file has an object plainly and federated: in a member KubeFed adopts and overwrites it within 10 s.",
    fix: "Keep the federated one alone.",
    source: "kubefed v0.10.0 pkg/controller/sync/dispatch/managed.go; measured",
    sightings: alsoPlain,
  },
];

function stripped(object: FederatedObject, field: "annotations" | "finalizers"): readonly Sighting[] {
  const value = valueAt(object.value, [...METADATA, field]);
  const names = isMap(value) ? Object.keys(value) : isList(value) ? value.map(String) : [];
  if (names.length === 0) return [];
  return [sightingAt(object.object, [...METADATA, field], `${names.join(", ")} will not reach any member`)];
}

function labelsNotText({ object, value }: FederatedObject): readonly Sighting[] {
  const labels = Object.entries(mapAt(value, [...METADATA, "labels"]));
  return labels
    .filter(([, text]) => typeof text !== "string")
    .map(([key, text]) =>
      sightingAt(
        object,
        [...METADATA, "labels", key],
        `${key} is ${JSON.stringify(text)}, which YAML does not read as a text`,
      ),
    );
}

function identityIgnored({ object, value, kind }: FederatedObject): readonly Sighting[] {
  const forced: readonly (readonly [path: readonly string[], value: string])[] = [
    [[...METADATA, "name"], object.name],
    ...(kind.kind === "Namespace" ? [] : [[[...METADATA, "namespace"], object.namespace] as const]),
    [["spec", "template", "kind"], kind.kind],
  ];
  return forced
    .filter(([path, own]) => !["", own].includes(textAt(value, path)))
    .map(([path, own]) => sightingAt(object, path, `"${textAt(value, path)}" becomes "${own}"`));
}

/** The host's own Namespace has to be there; another file may be another way to the same end. */
function alsoPlain({ objects, federated }: Scene): readonly Sighting[] {
  return objects.flatMap((object) => {
    const { file } = object.placeOf([]);
    const twin = federated.find(
      (one) =>
        one.kind.kind === object.kind &&
        one.kind.kind !== "Namespace" &&
        one.namespace === object.namespace &&
        one.name === object.name &&
        one.placeOf([]).file === file,
    );
    return twin === undefined
      ? []
      : [sightingAt(object, ["metadata", "name"], `${twin.subject} makes it in the members`)];
  });
}
