// Waivers of what is wrong in clusters: what is waived weighs nothing and is still told, and a waiver that holds nothing is told too.
import { describe, expect, test } from "vitest";
import {
  clusterFindings,
  clusterVerdict,
  type JudgedCluster,
  objectVerdict,
} from "../../../monitor/clusters/judged.ts";
import { waiveClusters } from "../../../monitor/clusters/waived.ts";
import type { PlacedWaiver } from "../../../monitor/lint/waiver-rules.ts";

const AT = Date.UTC(2026, 10, 28);

const cluster = (context: string, remarks: JudgedCluster["objects"][number]["remarks"]): JudgedCluster => ({
  context,
  region: context,
  objects: [{ object: "Deployment demo", good: "3 of 3 ready", remarks }],
});
const BOTH = ["one", "two"].map((context) => cluster(context, [{ rule: "CL-REPLICAS", message: "wants 1, not 3" }]));

const waiver = (part: Partial<PlacedWaiver> = {}): PlacedWaiver => ({
  id: "CL-REPLICAS",
  subject: null,
  reason: "until the quota is raised",
  until: "2026-11-28",
  place: { file: "topology.yaml", line: 7, column: 3 },
  ...part,
});

function waived(waivers: readonly PlacedWaiver[], clusters = BOTH, at = AT) {
  const seen = waiveClusters(clusters, waivers, at);
  return { ...seen, verdicts: seen.clusters.map(clusterVerdict), ids: seen.findings.map(({ id }) => id) };
}

describe("a waiver", () => {
  test("without a subject holds in every cluster, and what it waives is told as waived", () => {
    const { clusters, verdicts, ids } = waived([waiver()]);
    expect([verdicts, ids]).toEqual([["conforms", "conforms"], []]);
    expect(clusterFindings(clusters).map((finding) => finding.waiver)).toEqual([
      { reason: "until the quota is raised", until: "2026-11-28" },
      { reason: "until the quota is raised", until: "2026-11-28" },
    ]);
    expect(clusters[0]?.objects.map((judged) => objectVerdict(judged).reason)).toEqual(["waived: wants 1, not 3"]);
  });

  test.each([
    ["Deployment demo", ["conforms", "conforms"]],
    ["Deployment demo in two", ["deviates", "conforms"]],
    ["Deployment other", ["deviates", "deviates"]],
  ])("of %s holds there alone", (subject, verdicts) => {
    expect(waived([waiver({ subject })]).verdicts).toEqual(verdicts);
  });

  test("of another rule leaves what else is wrong with the object as it is", () => {
    const worse = cluster("one", [
      { rule: "CL-IMAGE", message: "another image" },
      { rule: "CL-REPLICAS", message: "wants 1, not 3" },
    ]);
    const { clusters, verdicts } = waived([waiver()], [worse]);
    expect(verdicts).toEqual(["deviates"]);
    expect(clusters[0]?.objects.map((judged) => objectVerdict(judged).reason)).toEqual(["another image"]);
  });

  test("that has expired waives nothing, and is an error of its own", () => {
    const { verdicts, ids } = waived([waiver({ until: "2026-11-27" })]);
    expect([verdicts, ids]).toEqual([["deviates", "deviates"], ["TOPO-WAIVER-EXPIRED"]]);
  });

  test("that nothing breaks is a note, and one for no rule an error", () => {
    const { findings } = waived([waiver({ id: "CL-DRIFT" }), waiver({ id: "CL-DRFIT" })]);
    expect(findings.map(({ id, severity }) => [id, severity])).toEqual([
      ["TOPO-WAIVER-UNUSED", "note"],
      ["TOPO-WAIVER-UNKNOWN-RULE", "error"],
    ]);
  });
});
