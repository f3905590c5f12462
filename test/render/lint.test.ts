// What is rendered passes our own lint, for every topology: a renderer and a rule that disagree are both suspects.
import { expect, test } from "vitest";
import { lintSources } from "../../monitor/lint/lint.ts";
import { REGIONS_BY } from "../../monitor/render/manifest.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import { filesOf, textOf } from "./effective.ts";
import { CLUSTER_COUNTS, EVERY_OPTION, topologyOfClusters } from "./topologies.ts";

const KUBEFED = ["kubefed-types.yaml", "kubefed-manifests.yaml"];
/** As an operator would apply them together; the load balancer is for clusters without Istio. */
const SETS = [
  KUBEFED,
  [...KUBEFED, "istio-addon-manifests.yaml", "istio-certificate.yaml"],
  [...KUBEFED, "loadbalancer/service.yaml"],
  ["plain/aws-us-east-1.yaml"],
  ["karmada/1-objects.yaml", "karmada/2-overrides.yaml", "karmada/3-propagation.yaml"],
];
const TOPOLOGIES = [...CLUSTER_COUNTS.map(topologyOfClusters), EVERY_OPTION];

function findingsIn(topology: Topology, paths: readonly string[], regionBy: (typeof REGIONS_BY)[number]): unknown {
  const files = filesOf(topology, regionBy);
  // JSON is YAML too; alerts are all that a Topology lacks, and have a default.
  const source = { file: "topology.yaml", text: JSON.stringify(topology) };
  const rendered = paths.map((path) => ({ file: path, text: textOf(files, path) }));
  return lintSources([source, ...rendered], { variables: {} }, 0)
    .filter(({ severity }) => severity !== "note")
    .map(({ id, subject, message }) => [id, subject, message]);
}

test.each(SETS.flatMap((paths) => REGIONS_BY.map((regionBy) => ({ paths, regionBy }))))(
  "$paths, with the region by $regionBy",
  ({ paths, regionBy }) => {
    for (const topology of TOPOLOGIES) expect(findingsIn(topology, paths, regionBy)).toEqual([]);
  },
);

test("a rendering of another topology is not taken for this one's", () => {
  const [small, large] = TOPOLOGIES;
  if (small === undefined || large === undefined) throw new Error("two topologies");
  const files = filesOf(small);
  const sources = [
    { file: "topology.yaml", text: JSON.stringify(large) },
    ...KUBEFED.map((path) => ({ file: path, text: textOf(files, path) })),
  ];
  expect(lintSources(sources, { variables: {} }, 0).map(({ id }) => id)).toContain("TOPO-CLUSTER-NOT-PLACED");
});
