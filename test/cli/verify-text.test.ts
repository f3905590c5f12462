// The text face of `monitor verify`, whole: what is wrong stands out with its fix, what is well takes little room.
import { expect, test } from "vitest";
import { verifyText } from "../../monitor/cli/verify-text.ts";
import type { JudgedCluster } from "../../monitor/clusters/judged.ts";

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
  expect(verifyText({ clusters: CLUSTERS, findings: [] }, "deviates", "demo")).toBe(`one (region first): deviates
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

test("what is waived is shown with its reason and last day, and a waiver that holds nothing with its place", () => {
  const waiver = { reason: "being looked into", until: "2026-12-31" };
  const objects = [
    {
      object: "Pods",
      good: "3 ready",
      remarks: [
        { rule: "CL-REGION", message: "a: no REGION", waiver },
        { rule: "CL-POD-RESTARTS", message: "a: 7 restarts" },
      ],
    },
  ] as const;
  const unused = {
    id: "TOPO-WAIVER-UNUSED",
    severity: "note",
    place: { file: "topology.yaml", line: 7, column: 3 },
    subject: "waiver of CL-DRIFT",
    message: "nothing breaks CL-DRIFT",
    fix: "Take it away.",
    source: "",
    waiver: null,
  } as const;
  const seen = { clusters: [{ context: "one", region: "first", objects }], findings: [unused] };
  expect(verifyText(seen, "conforms", "demo")).toBe(`one (region first): conforms
  conforms  Pods  waived: a: no REGION
      waived CL-REGION
        until 2026-12-31: being looked into
      note CL-POD-RESTARTS: a: 7 restarts
        fix: \`kubectl logs --previous\` of that Pod says why it ended.

topology.yaml:7:3: note TOPO-WAIVER-UNUSED: nothing breaks CL-DRIFT
        fix: Take it away.

demo: conforms (1 cluster: 2 notes, 1 waived)
`);
});
