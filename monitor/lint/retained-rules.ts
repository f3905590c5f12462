// Rules about values of a template that lose against what is in the member: KubeFed copies some fields of the object that is
// there over the template's, so that they mean something where the object is new and nothing later.
import { type Path, valueAt } from "../topology/path.ts";
import { isList, listAt, textAt } from "../verify/federation-value.ts";
import { type Rule, sightingAt, type Sighting } from "./rule.ts";
import type { FederatedObject } from "./scene.ts";

const RETAIN = "kubefed v0.10.0 pkg/controller/sync/dispatch/retain.go";
const TEMPLATE = ["spec", "template"];

export const RETAINED_RULES: readonly Rule[] = [
  {
    id: "KF-SERVICE-RETAINED",
    severity: "warning",
    wrong:
      "A Service that is there keeps its own addresses and node ports: those of the template are for new ones alone.",
    fix: "Leave it to each cluster, or override it: overrides come after what is retained.",
    source: `${RETAIN} retainServiceFields`,
    sightings: ({ federated }) => federated.filter(({ kind }) => kind.kind === "Service").flatMap(serviceValues),
  },
  {
    id: "KF-SECRETS-REPLACED",
    severity: "warning",
    wrong: "With secrets in the template KubeFed retains none, and takes those away that the member has made.",
    fix: "Leave secrets out; imagePullSecrets is another field.",
    source: `${RETAIN} retainServiceAccountFields`,
    sightings: ({ federated }) =>
      federated
        .filter(
          ({ kind, value }) => kind.kind === "ServiceAccount" && listAt(value, [...TEMPLATE, "secrets"]).length > 0,
        )
        .map(({ object }) =>
          sightingAt(object, [...TEMPLATE, "secrets"], "the members' own token Secrets are taken off the account"),
        ),
  },
  {
    id: "KF-REPLICAS-RETAINED",
    severity: "note",
    wrong: "Under retainReplicas the template's number of replicas is for new objects alone.",
    fix: "Leave replicas out, or take it for the number to begin with.",
    source: `${RETAIN} retainReplicas; measured`,
    sightings: ({ federated }) =>
      federated
        .filter(({ value }) => valueAt(value, ["spec", "retainReplicas"]) === true)
        .flatMap(({ object, value }) => {
          const path = [...TEMPLATE, "spec", "replicas"];
          const replicas = valueAt(value, path);
          return typeof replicas === "number"
            ? [sightingAt(object, path, `${replicas} is what a new one begins with; a member keeps its own number`)]
            : [];
        }),
  },
];

function serviceValues({ object, value }: FederatedObject): readonly Sighting[] {
  const spec = [...TEMPLATE, "spec"];
  return retainedPaths(value, spec).map((path) =>
    sightingAt(object, path, `${shown(valueAt(value, path))} counts where the Service is new, and nowhere else`),
  );
}

/** No address at all ("None") is one that the member has too. A port without its protocol is never taken for the same. */
function retainedPaths(value: unknown, spec: Path): readonly Path[] {
  const addresses = ["clusterIP", "clusterIPs"].filter((field) => {
    const given = valueAt(value, [...spec, field]);
    const [first] = isList(given) ? given : [given];
    return typeof first === "string" && first !== "" && first !== "None";
  });
  const check = isPort(valueAt(value, [...spec, "healthCheckNodePort"])) ? ["healthCheckNodePort"] : [];
  const ports = listAt(value, [...spec, "ports"]).flatMap((port, index): readonly Path[] =>
    isPort(valueAt(port, ["nodePort"])) && textAt(port, ["protocol"]) !== ""
      ? [[...spec, "ports", index, "nodePort"]]
      : [],
  );
  return [...[...addresses, ...check].map((field) => [...spec, field]), ...ports];
}

function isPort(value: unknown): boolean {
  return typeof value === "number" && value > 0;
}

function shown(value: unknown): string {
  return isList(value) ? value.map(String).join(", ") : String(value);
}
