// The judge over values: a cluster in which all is well conforms, and each thing that can be wrong is told by its rule alone.
import { describe, expect, test } from "vitest";
import { judgeMember } from "../../../monitor/clusters/judge-member.ts";
import {
  clusterFindings,
  clusterVerdict,
  type JudgedCluster,
  objectVerdict,
} from "../../../monitor/clusters/judged.ts";
import { CLUSTER_RULES } from "../../../monitor/clusters/rules.ts";
import { memberWishes } from "../../../monitor/clusters/wish.ts";
import { AWS, EXAMPLE } from "../../support/example-topology.ts";
import { memberShelf } from "../../support/member-world.ts";
import { KARMADA_ROWS, KUBEFED_ROWS } from "./host-cases.ts";
import { AT, CLAIM, host, member, put, readingOf, SEEN } from "./judged-clusters.ts";
import { DEPLOYMENT, MEMBER_ROWS, PODS, waiting } from "./member-cases.ts";

const rulesIn = (cluster: JudgedCluster): readonly string[] => clusterFindings([cluster]).map(({ id }) => id);

describe("when all is well", () => {
  test.each([
    { name: "a member", cluster: member },
    { name: "KubeFed's host", cluster: () => host("kubefed") },
    { name: "the Karmada API server", cluster: () => host("karmada") },
  ])("$name conforms, and nothing is found", ({ cluster }) => {
    expect(clusterFindings([cluster()])).toEqual([]);
    expect(clusterVerdict(cluster())).toBe("conforms");
  });

  test("the good news has figures", () => {
    const reasons = member().objects.map((judged) => `${judged.object}: ${objectVerdict(judged).reason}`);
    expect(reasons).toEqual(
      expect.arrayContaining([
        "Deployment multicloud-demo: 3 of 3 ready, image ghcr.io/your-org/multicloud-demo:1.0.0",
        "Service multicloud-demo: 3 ready endpoints",
        "Pods: 3 ready, told REGION=us-east-1",
        "Nodes: 3 in us-east-1",
        "Sidecars: in all 3 Pods",
        "GET https://use1.demo.multicloud.example.com/: region us-east-1, from Pod multicloud-demo-7d9c5b6f4d-a",
      ]),
    );
  });
});

describe("of a member", () => {
  test.each(MEMBER_ROWS)("$name is $rule", ({ change, rule, message, verdict }) => {
    const cluster = member(change);
    const [first, ...others] = clusterFindings([cluster]);
    expect([first?.id, others.map(({ id }) => id)]).toEqual([rule, []]);
    expect(first?.message).toMatch(message);
    expect(clusterVerdict(cluster)).toBe(verdict);
  });

  test("a ConfigMap's other REGION is told of it and of the Pods", () => {
    const cluster = member({ edit: { configmaps: [put("/data/REGION", "unset")] } });
    expect(rulesIn(cluster)).toEqual(["CL-REGION", "CL-REGION"]);
  });

  test("amounts are equal that are as much", () => {
    const edit = { resourcequotas: [put("/spec/hard/requests.cpu", "1050m"), put("/spec/hard/pods", 7)] };
    expect(rulesIn(member({ edit }))).toEqual([]);
  });

  test("a cluster without Istio has a note, and one without its add-on another", () => {
    const keys = ["peerauthentications.security.istio.io", "authorizationpolicies.security.istio.io"];
    const all = [
      ...keys,
      ...["destinationrules", "gateways", "virtualservices"].map((one) => `${one}.networking.istio.io`),
    ];
    const none = member({ looks: Object.fromEntries(all.map((key) => [key, { kind: "no-kind" } as const])) });
    expect(clusterFindings([none]).map(({ id, message }) => [id, message])).toEqual([
      ["CL-ISTIO-NONE", "this cluster has no Istio"],
    ]);
    expect(clusterFindings([member({ remove: all })]).map(({ message }) => message)).toEqual([
      "Istio is there, its add-on for this service is not",
    ]);
  });

  test("Pods that take their leave are none that should serve, and one of them may have answered", () => {
    const edit = {
      [PODS]: [put("/metadata/deletionTimestamp", "2026-11-28T12:00:00Z"), waiting("CrashLoopBackOff")],
      [DEPLOYMENT]: [],
    };
    expect(rulesIn(member({ edit }))).toEqual([]);
  });

  test("an endpoint that did not answer leaves the claim undecided, and nobody else", () => {
    const failure = { cause: "timeout", detail: "no answer in 2500 ms" } as const;
    const looks = readingOf(memberShelf(EXAMPLE, AWS), memberWishes(EXAMPLE, "configmap"));
    const sight = { region: AWS, reading: looks, look: { ...SEEN, claim: null, failure } };
    const cluster = judgeMember(EXAMPLE, sight, "configmap", AT);
    expect(clusterFindings([cluster]).map(({ id, message }) => [id, message])).toEqual([
      ["CL-CLAIM-UNSEEN", "no answer in 2500 ms"],
    ]);
    expect(clusterVerdict(cluster)).toBe("undecided");
  });

  test.each([
    ["context", "CL-CONTEXT"],
    ["credentials", "CL-CREDENTIALS"],
    ["unreachable", "CL-UNREACHABLE"],
  ] as const)("a closed API server (%s) is %s, and the endpoint is judged all the same", (cause, rule) => {
    const reading = { kind: "closed", cause, detail: "so it is" } as const;
    const look = { ...SEEN, claim: { ...CLAIM, region: "elsewhere" } };
    const cluster = judgeMember(EXAMPLE, { region: AWS, reading, look }, "configmap", AT);
    expect(rulesIn(cluster)).toEqual([rule, "CL-CLAIM-REGION"]);
  });
});

describe("of a federation's host", () => {
  const rows = [
    ...KUBEFED_ROWS.map((row) => ({ ...row, via: "kubefed" as const })),
    ...KARMADA_ROWS.map((row) => ({ ...row, via: "karmada" as const })),
  ];
  test.each(rows)("$via: $name is $rule", ({ via, change, rule, message, verdict }) => {
    const cluster = host(via, change);
    const [first, ...others] = clusterFindings([cluster]);
    expect([first?.id, others.map(({ id }) => id)]).toEqual([rule, []]);
    expect(first?.message).toMatch(message);
    expect(clusterVerdict(cluster)).toBe(verdict);
  });
});

test("every rule has a row here", () => {
  const shown = new Set<string>([...MEMBER_ROWS, ...KUBEFED_ROWS, ...KARMADA_ROWS].map(({ rule }) => rule));
  const elsewhere = ["CL-CONTEXT", "CL-CREDENTIALS", "CL-UNREACHABLE", "CL-ISTIO-NONE", "CL-CLAIM-UNSEEN"];
  expect(Object.keys(CLUSTER_RULES).filter((id) => !shown.has(id))).toEqual(elsewhere);
});

test.each([null, 7, "x", [], {}, { metadata: { name: "multicloud-demo" }, spec: 7, status: [] }])(
  "an object that is %j breaks nothing",
  (odd) => {
    const looks = Object.fromEntries(
      memberWishes(EXAMPLE, "configmap").map(({ key }) => [
        key,
        { kind: "seen", objects: [odd ?? {}] as never } as const,
      ]),
    );
    const sight = { region: AWS, reading: { kind: "read", looks } as const, look: null };
    expect(clusterVerdict(judgeMember(EXAMPLE, sight, "configmap", AT))).toBe("deviates");
  },
);
