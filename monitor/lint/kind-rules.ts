// Rules about KubeFed's own objects: kinds that nobody enabled, fields that its CRDs drop, shapes that they refuse.
import { CHART_KINDS } from "../verify/federation-kinds.ts";
import { textAt } from "../verify/federation-value.ts";
import type { ManifestObject } from "./manifest.ts";
import { type Rule, sightingAt, type Sighting } from "./rule.ts";
import { isFederated, type Scene } from "./scene.ts";
import { isKnownType, type Misfit, misfits } from "./shape.ts";

const CRDS = "kubefed v0.10.0 pkg/kubefedctl/enable/validation.go; reference of its CRDs";

export const KIND_RULES: readonly Rule[] = [
  {
    id: "KF-KIND-NOT-ENABLED",
    severity: "error",
    wrong: "KubeFed's chart does not enable this kind, and no FederatedTypeConfig among the sources does.",
    fix: "Add a FederatedTypeConfig with propagation: Enabled and the CRD, as `kubefedctl enable` makes them.",
    source: "kubefed v0.10.0 charts/kubefed/templates/federatedtypeconfig.yaml; measured",
    sightings: ({ federated }) =>
      federated
        .filter(({ enabled }) => !enabled)
        .map(({ object }) => sightingAt(object, ["kind"], `nothing enables ${object.kind}, so it goes nowhere`)),
  },
  {
    id: "KF-KIND-NO-CRD",
    severity: "warning",
    wrong: "A FederatedTypeConfig is there without the CRD of its federated type.",
    fix: "Add the CRD federated<plural>.types.kubefed.io, as `kubefedctl enable` makes it.",
    source: "measured: a type needs both",
    sightings: configsWithoutCrd,
  },
  {
    id: "KF-CONFIG-NAME",
    severity: "error",
    wrong: "KubeFed reads one KubeFedConfig, the one named kubefed, and no other.",
    fix: "Name it kubefed.",
    source: "kubefed v0.10.0 pkg/controller/util/cluster_util.go KubeFedConfigName",
    sightings: ({ objects }) =>
      objects
        .filter(({ kind, name }) => kind === "KubeFedConfig" && name !== "kubefed")
        .map((object) => sightingAt(object, ["metadata", "name"], `"${object.name}" is not "kubefed"`)),
  },
  {
    id: "KF-UNKNOWN-FIELD",
    severity: "error",
    wrong: "KubeFed has no such field, and its CRDs drop it without a word.",
    fix: "Correct the name of the field.",
    source: CRDS,
    sightings: (scene) => federationMisfits(scene, "unknown"),
  },
  {
    id: "KF-MISSING-FIELD",
    severity: "error",
    wrong: "A field that KubeFed needs is missing.",
    fix: "Add the field.",
    source: CRDS,
    sightings: (scene) => federationMisfits(scene, "missing"),
  },
  {
    id: "KF-WRONG-TYPE",
    severity: "error",
    wrong: "A value has a type that KubeFed's CRDs refuse.",
    fix: "Correct the value; a text that looks like something else needs quotes.",
    source: CRDS,
    sightings: (scene) => federationMisfits(scene, "type"),
  },
];

function federationMisfits({ objects }: Scene, kind: Misfit["kind"]): readonly Sighting[] {
  return objects.flatMap((object) => {
    const type = typeOf(object);
    const found = type === null ? [] : misfits(object.value, type).filter((misfit) => misfit.kind === kind);
    return found.map(({ path, message }) => sightingAt(object, path, message));
  });
}

/** Null for what is not KubeFed's. */
function typeOf(object: ManifestObject): string | null {
  const { apiVersion, kind } = object;
  if (isFederated(object))
    return ["FederatedDeployment", "FederatedReplicaSet"].includes(kind) ? "FederatedScalable" : "FederatedObject";
  return /^(core|scheduling)\.kubefed\.io\//.test(apiVersion) && isKnownType(kind) ? kind : null;
}

function configsWithoutCrd({ objects }: Scene): readonly Sighting[] {
  const crds = objects.filter(({ kind }) => kind === "CustomResourceDefinition");
  return objects
    .filter(({ kind }) => kind === "FederatedTypeConfig")
    .flatMap((config) => {
      const federated = textAt(config.value, ["spec", "federatedType", "kind"]);
      const there =
        CHART_KINDS.some(({ federatedKind }) => federatedKind === federated) ||
        crds.some(({ value }) => textAt(value, ["spec", "names", "kind"]) === federated);
      return there
        ? []
        : [sightingAt(config, ["spec", "federatedType"], `no CRD of ${federated} is among the sources`)];
    });
}
