// A fault in the mesh on the region's health path alone: Route 53's checkers and ours see it, users on every other path do
// not. KubeFed and Karmada leave the object alone, because they did not make it; where they did, the lever is refused.
import type { LeverWish } from "../drill/lever-wish.ts";
import type { KubeApi, LiveObject } from "../node/kube-api.ts";
import { namespaceOf } from "../render/names.ts";
import type { Topology } from "../topology/topology.ts";
import { httpRules, ISTIO_GROUP, ISTIO_SPOT, rulesOfPath, VIRTUAL_SERVICES } from "./istio-spot.ts";
import { openMember, rehearsed } from "./kube-plan.ts";
import { type LeverPlan, refused } from "./lever.ts";
import type { Reach } from "./reach.ts";
import { gitOpsWarnings } from "./spot.ts";
import type { UndoOf } from "./undo.ts";

export type IstioWish = Extract<LeverWish, { readonly lever: "istio-abort" }>;

/** Istio serves v1 from 1.22 on. */
const VERSIONS = ["v1", "v1beta1"] as const;

export async function planIstio(wish: IstioWish, topology: Topology, reach: Reach): Promise<LeverPlan> {
  const opened = await openMember(wish.region, topology, reach);
  if (opened.kind === "refused") return refused(opened.why);
  const { api, context } = opened;
  const [path = "/"] = topology.dns.healthCheck.path.split("?");
  const where = { namespace: namespaceOf(topology), name: topology.service.name };
  const read = await readVirtualService(api, where);
  if ("why" in read) return refused(read.why);
  const why = reasonsIn(read.object, path);
  if (why.length > 0) return refused(...why);
  const { httpStatus, percent } = wish;
  const undo: UndoOf<"istio-abort"> = {
    lever: "istio-abort",
    context,
    server: api.server,
    version: read.version,
    ...where,
    path,
    httpStatus,
    percent,
  };
  const rehearsal = await rehearsed(api, ISTIO_SPOT, undo, read.object);
  if (rehearsal !== null) return refused(rehearsal);
  return {
    kind: "ready",
    steps: [
      `at the context ${context}, in VirtualService ${where.namespace}/${where.name}, answer ${percent} % of requests for ${path} with ${httpStatus}; other paths go on as before`,
    ],
    warnings: gitOpsWarnings(read.object),
    undo,
    expiresBy: null,
  };
}

async function readVirtualService(
  api: KubeApi,
  where: { readonly namespace: string; readonly name: string },
): Promise<{ readonly object: LiveObject; readonly version: string } | { readonly why: string }> {
  let why = "";
  for (const version of VERSIONS) {
    const read = await api.read({ group: ISTIO_GROUP, version, plural: VIRTUAL_SERVICES, ...where });
    if (read.kind === "reply") return { object: read.value, version };
    why = read.failure.detail;
    if (read.failure.cause !== "no-kind") break;
  }
  return { why };
}

/** Marks of what brings objects to members and keeps them as they are at its own place. */
const KEEPERS = [
  { mark: "kubefed.io/managed", name: "KubeFed" },
  { mark: "karmada.io/managed", name: "Karmada" },
] as const;

function reasonsIn(object: LiveObject, path: string): readonly string[] {
  const { name, labels = {} } = object.metadata;
  const keeper = KEEPERS.find(({ mark }) => labels[mark] === "true");
  if (keeper !== undefined) return [`${keeper.name} manages VirtualService ${name} and would take the fault out again`];
  const rules = httpRules(object);
  const [index, second] = rulesOfPath(rules, path);
  if (index === undefined)
    return [
      `VirtualService ${name} has no rule for ${path} alone, and a fault in another one would hit users: \`monitor render istio\` makes one`,
    ];
  if (second !== undefined) return [`VirtualService ${name} has several rules for ${path}`];
  if (rules[index]?.fault !== undefined)
    return [`the rule for ${path} of VirtualService ${name} has a fault already: left by a drill?`];
  // The first rule that fits decides.
  const before = rules.slice(0, index).findIndex(({ match }) => match === undefined || match.length === 0);
  return before < 0 ? [] : [`rule ${before} of VirtualService ${name} comes first and matches every path`];
}
