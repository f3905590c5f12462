// Warnings about what runs, but not as a production service should: each is a way in which a failover was meant to help and
// did not.
import { valueAt } from "../topology/path.ts";
import { listAt, textAt } from "../verify/federation-value.ts";
import type { MemberView } from "./member-view.ts";
import { type Rule, sightingIn, type Sighting } from "./rule.ts";
import type { Scene } from "./scene.ts";
import { type Container, containersOf } from "./workload.ts";

const PROBES = "Kubernetes documentation, Liveness, Readiness, and Startup Probes";
const POD = ["spec", "template", "spec"];

export const WORKLOAD_RULES: readonly Rule[] = [
  {
    id: "K8S-IMAGE-MOVES",
    severity: "warning",
    wrong: "An image without a fixed tag may be another one in each cluster.",
    fix: "Name a version, or better a digest.",
    source: "Kubernetes documentation, Images",
    sightings: (scene) =>
      mainContainers(scene, ({ value }) => {
        const image = textAt(value, ["image"]);
        const name = image.split("/").at(-1) ?? "";
        return image === "" || (name.includes(":") && !name.endsWith(":latest"))
          ? null
          : `image ${image} has no fixed tag`;
      }),
  },
  {
    id: "K8S-NO-READINESS",
    severity: "warning",
    wrong: "Without a readiness probe a Pod gets requests before it can answer them.",
    fix: "Add a readinessProbe on /readyz.",
    source: PROBES,
    sightings: (scene) =>
      mainContainers(scene, ({ value, name }) =>
        valueAt(value, ["readinessProbe"]) === undefined ? `container ${name} has no readinessProbe` : null,
      ),
  },
  {
    id: "K8S-PROBES-SAME",
    severity: "warning",
    wrong: "Liveness and readiness ask the same path, so a Pod that should only rest is killed.",
    fix: "Ask /livez for liveness and /readyz for readiness; liveness must not depend on others.",
    source: PROBES,
    sightings: (scene) =>
      mainContainers(scene, ({ value, name }) => {
        const [live, ready] = ["livenessProbe", "readinessProbe"].map((probe) =>
          textAt(value, [probe, "httpGet", "path"]),
        );
        return live !== "" && live === ready ? `both probes of container ${name} ask ${live ?? ""}` : null;
      }),
  },
  {
    id: "K8S-NO-REQUESTS",
    severity: "warning",
    wrong: "Without requests a Pod is the first to be evicted when a failover fills the nodes.",
    fix: "Set resources.requests for cpu and memory.",
    source: "Kubernetes documentation, Pod Quality of Service Classes",
    sightings: (scene) =>
      mainContainers(scene, ({ value, name }) => {
        const missing = ["cpu", "memory"].filter((it) => valueAt(value, ["resources", "requests", it]) === undefined);
        return missing.length === 0 ? null : `container ${name} requests no ${missing.join(" and no ")}`;
      }),
  },
  {
    id: "K8S-MAY-BE-ROOT",
    severity: "warning",
    wrong: "Nothing keeps the container from running as root.",
    fix: "Set securityContext.runAsNonRoot: true, on the Pod or the container.",
    source: "Kubernetes Pod Security Standards, restricted",
    sightings: (scene) =>
      mainContainers(scene, ({ value, name }, view) => {
        const own = valueAt(value, ["securityContext", "runAsNonRoot"]);
        const nonRoot = own ?? valueAt(view.value, [...POD, "securityContext", "runAsNonRoot"]);
        return nonRoot === true ? null : `container ${name} may run as root`;
      }),
  },
  {
    id: "K8S-ONE-REPLICA",
    severity: "warning",
    wrong: "With one replica every restart of a Pod is an outage of the region.",
    fix: "Run two at least.",
    source: "Kubernetes documentation, Disruptions",
    sightings: ({ views }) =>
      views
        .filter(({ kind }) => kind === "Deployment")
        .filter(({ value }) => (valueAt(value, ["spec", "replicas"]) ?? 1) === 1)
        .map((view) => sightingIn(view, ["spec", "replicas"], "one replica")),
  },
];

/** Containers of Deployments: what runs once or beside it has other needs. */
function mainContainers(
  { views }: Scene,
  problem: (container: Container, view: MemberView) => string | null,
): readonly Sighting[] {
  return views
    .filter(({ kind, value }) => kind === "Deployment" && listAt(value, [...POD, "containers"]).length > 0)
    .flatMap((view) =>
      containersOf(view.value)
        .filter(({ path }) => path.includes("containers"))
        .flatMap((container) => {
          const message = problem(container, view);
          return message === null ? [] : [sightingIn(view, container.path, message)];
        }),
    );
}
