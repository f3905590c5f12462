// The text face of `monitor verify`, whole: what is wrong stands out with its fix, what is well takes little room.
import { expect, test } from "vitest";
import { verifyText } from "../../monitor/cli/verify-text.ts";
import { clusterFindings, type JudgedCluster } from "../../monitor/clusters/judged.ts";

const well = (object: string, good: string): JudgedCluster["objects"][number] => ({ object, good, remarks: [] });

const CLUSTERS: readonly JudgedCluster[] = [
  {
    context: "one",
    region: "first",
    objects: [
      well("Deployment demo", "3 of 3 ready"),
      well("ServiceAccount demo", "as rendered"),
      well("Gateway demo", "as rendered"),
      well("LimitRange demo", "as rendered"),
      {
        object: "Pods",
        good: "3 ready",
        remarks: [
          { rule: "CL-POD-RESTARTS", message: "a: 7 restarts" },
          { rule: "CL-REGION", message: "a: no REGION" },
          { rule: "CL-REGION", message: "b: \u001B[2Jno REGION" },
        ],
      },
    ],
  },
  { context: "host", region: null, objects: [well("KubeFedCluster one", "ready")] },
];

test("a face with good news and bad", () => {
  expect(verifyText(CLUSTERS, clusterFindings(CLUSTERS), "deviates", "demo")).toBe(`one (region first): deviates
  conforms  Deployment demo  3 of 3 ready
  deviates  Pods             a: no REGION
      note CL-POD-RESTARTS: a: 7 restarts
        fix: \`kubectl logs --previous\` of that Pod says why it ended.
      error CL-REGION
      error CL-REGION: b:  [2Jno REGION
        fix: Look at the override of REGION for this cluster and render again; then change the Pod template, because Pods read it when they start.
  as rendered: ServiceAccount demo, Gateway demo, LimitRange demo

host (the federation's host): conforms
  conforms  KubeFedCluster one  ready

demo: deviates (2 clusters: 2 errors, 1 note)
`);
});
