// Rules about the Istio add-on: settings that contradict one another, or that Istio reads otherwise than they look.
import { valueAt } from "../topology/path.ts";
import { isMap, listAt, mapAt, textAt, type ValueMap } from "../verify/federation-value.ts";
import type { MemberView } from "./member-view.ts";
import { type Rule, sightingIn, type Sighting } from "./rule.ts";
import type { Scene } from "./scene.ts";
import { covers } from "./topology-rules.ts";
import { beside, containersOf, podLabels, selects, workloads } from "./workload.ts";

/** Policies here hold in every namespace. */
const ROOT_NAMESPACE = "istio-system";

export const ISTIO_RULES: readonly Rule[] = [
  {
    id: "ISTIO-LB-STRICT",
    severity: "error",
    wrong:
      "A public Service leads straight to Pods that take mutual TLS alone, so every request from outside is reset.",
    fix: "Lead the public through the gateway, or make the Pods' port PERMISSIVE under portLevelMtls.",
    source: "Istio PeerAuthentication reference, mode STRICT",
    sightings: (scene) => istioViews(scene, "Service", "v1").flatMap((view) => strictService(view, scene)),
  },
  {
    id: "ISTIO-PORT-NO-SELECTOR",
    severity: "error",
    wrong: "A policy with portLevelMtls and without a selector is refused.",
    fix: "Add spec.selector.matchLabels of the Pods.",
    source: "Istio PeerAuthentication reference, portLevelMtls (CEL rule)",
    sightings: (scene) =>
      policies(scene)
        .filter(({ value }) => isMap(valueAt(value, ["spec", "portLevelMtls"])))
        .filter(({ value }) => Object.keys(mapAt(value, ["spec", "selector", "matchLabels"])).length === 0)
        .map((view) => sightingIn(view, ["spec", "portLevelMtls"], "there is no spec.selector.matchLabels")),
  },
  {
    id: "ISTIO-POLICY-TWICE",
    severity: "error",
    wrong: "Two PeerAuthentications without a selector stand in one namespace, and the oldest one wins.",
    fix: "Keep one, named default.",
    source: "Istio PeerAuthentication reference",
    sightings: (scene) => policies(scene).flatMap((view) => repeatedPolicy(view, scene)),
  },
  {
    id: "ISTIO-TLS-AGAINST-STRICT",
    severity: "error",
    wrong: "A DestinationRule turns mutual TLS off towards Pods that take nothing else: 503 with the flags UF.",
    fix: "Use ISTIO_MUTUAL, or leave the DestinationRule out: Istio does it by itself.",
    source: "Istio DestinationRule reference, ClientTLSSettings",
    sightings: (scene) => destinations(scene).flatMap((view) => tlsAgainstStrict(view, scene)),
  },
  {
    id: "ISTIO-MUTUAL-EXTRAS",
    severity: "error",
    wrong: "With ISTIO_MUTUAL all other fields of tls must be empty.",
    fix: "Keep the mode alone.",
    source: "Istio DestinationRule reference, ClientTLSSettings",
    sightings: (scene) =>
      destinations(scene).flatMap((view) => {
        const tls = mapAt(view.value, TLS);
        const extras = Object.keys(tls).filter((key) => key !== "mode");
        return tls["mode"] === "ISTIO_MUTUAL" && extras.length > 0
          ? [sightingIn(view, [...TLS, extras[0] ?? ""], `ISTIO_MUTUAL stands beside ${extras.join(", ")}`)]
          : [];
      }),
  },
  {
    id: "ISTIO-FAULT-NO-PERCENTAGE",
    severity: "error",
    wrong: "A fault without a percentage hits no request at all.",
    fix: "Set percentage.value.",
    source: 'Istio VirtualService reference: "If not specified, no request will be aborted"',
    sightings: (scene) => routes(scene).flatMap(faultsOff),
  },
  {
    id: "ISTIO-RULE-UNREACHED",
    severity: "error",
    wrong: "A rule stands after one that matches everything, so it is never reached.",
    fix: "Move the rule without a match to the end.",
    source: "Istio VirtualService reference: the first rule that matches is used",
    sightings: (scene) => routes(scene).flatMap(unreached),
  },
  {
    id: "ISTIO-HOST-NOT-IN-GATEWAY",
    severity: "error",
    wrong: "A host of a VirtualService is in no server of its Gateway, so the gateway does not know it.",
    fix: "Add the host to the Gateway's servers, and to the certificate.",
    source: "Istio analyzer, VirtualServiceHostNotFoundInGateway",
    sightings: (scene) => routes(scene).flatMap((view) => hostsOff(view, scene)),
  },
];

const TLS = ["spec", "trafficPolicy", "tls"];

function istioViews({ views }: Scene, kind: string, group: string): readonly MemberView[] {
  return views.filter((view) => view.kind === kind && view.apiVersion.startsWith(group));
}

function policies(scene: Scene): readonly MemberView[] {
  return istioViews(scene, "PeerAuthentication", "security.istio.io/");
}

function destinations(scene: Scene): readonly MemberView[] {
  return istioViews(scene, "DestinationRule", "networking.istio.io/");
}

function routes(scene: Scene): readonly MemberView[] {
  return istioViews(scene, "VirtualService", "networking.istio.io/");
}

/** The narrowest policy wins: of the Pods, of their namespace, of the mesh. Null: STRICT is not asked for. */
function strictPolicy(labels: ValueMap, namespace: string, port: unknown, scene: Scene): MemberView | null {
  const all = policies(scene).map((view) => ({
    view,
    selector: mapAt(view.value, ["spec", "selector", "matchLabels"]),
  }));
  const isOpen = (selector: ValueMap): boolean => Object.keys(selector).length === 0;
  const own = all.filter(({ view }) => view.namespace === namespace);
  const narrow = own.filter(({ selector }) => !isOpen(selector) && selects(selector, labels));
  const mesh = all.filter(({ view, selector }) => view.namespace === ROOT_NAMESPACE && isOpen(selector));
  for (const { view } of [...narrow, ...own.filter(({ selector }) => isOpen(selector)), ...mesh]) {
    const perPort = textAt(view.value, ["spec", "portLevelMtls", String(port), "mode"]);
    const mode = perPort === "" ? textAt(view.value, ["spec", "mtls", "mode"]) : perPort;
    if (mode !== "" && mode !== "UNSET") return mode === "STRICT" ? view : null;
  }
  return null;
}

/** A gateway's own Pods speak TLS to the public by their Gateway, not by this policy. */
function strictService(view: MemberView, scene: Scene): readonly Sighting[] {
  const selector = mapAt(view.value, ["spec", "selector"]);
  const type = textAt(view.value, ["spec", "type"]);
  if (!["LoadBalancer", "NodePort"].includes(type) || Object.keys(selector).length === 0) return [];
  if (selector["istio"] !== undefined) return [];
  const pods = beside(view, workloads(scene)).filter(({ value }) => selects(selector, podLabels(value)));
  const labels = pods[0] === undefined ? selector : podLabels(pods[0].value);
  return listAt(view.value, ["spec", "ports"]).flatMap((port, index) => {
    const target = valueAt(port, ["targetPort"]) ?? valueAt(port, ["port"]);
    const policy = strictPolicy(labels, view.namespace, portNumber(target, pods), scene);
    if (policy === null) return [];
    const message = `a ${type} straight to Pods under ${policy.origin.subject}, which is STRICT`;
    return [sightingIn(view, ["spec", "ports", index], message)];
  });
}

/** portLevelMtls goes by the workload's number. */
function portNumber(target: unknown, pods: readonly MemberView[]): unknown {
  if (typeof target !== "string") return target;
  const ports = pods.flatMap(({ value }) => containersOf(value).flatMap((one) => listAt(one.value, ["ports"])));
  return valueAt(
    ports.find((port) => textAt(port, ["name"]) === target),
    ["containerPort"],
  );
}

function repeatedPolicy(view: MemberView, scene: Scene): readonly Sighting[] {
  const open = beside(view, policies(scene)).filter(
    ({ value }) => Object.keys(mapAt(value, ["spec", "selector", "matchLabels"])).length === 0,
  );
  const [first] = open;
  if (first === undefined || first.origin === view.origin || !open.includes(view)) return [];
  return [sightingIn(view, ["metadata", "name"], `${first.origin.subject} is for the whole namespace already`)];
}

function tlsAgainstStrict(view: MemberView, scene: Scene): readonly Sighting[] {
  const mode = textAt(view.value, [...TLS, "mode"]);
  if (mode !== "DISABLE" && mode !== "SIMPLE") return [];
  const [name = "", namespace = view.namespace] = textAt(view.value, ["spec", "host"]).split(".");
  const service = scene.views.find((one) => one.kind === "Service" && one.name === name && one.namespace === namespace);
  const policy = strictPolicy(mapAt(service?.value, ["spec", "selector"]), namespace, null, scene);
  return policy === null
    ? []
    : [sightingIn(view, [...TLS, "mode"], `${mode}, and ${policy.origin.subject} is STRICT for ${namespace}`)];
}

function faultsOff(view: MemberView): readonly Sighting[] {
  return listAt(view.value, ["spec", "http"]).flatMap((rule, index) =>
    ["abort", "delay"].flatMap((fault) => {
      const path = ["fault", fault];
      if (!isMap(valueAt(rule, path)) || valueAt(rule, [...path, "percentage"]) !== undefined) return [];
      return [sightingIn(view, ["spec", "http", index, ...path], `this ${fault} has no percentage, so it hits 0 %`)];
    }),
  );
}

function unreached(view: MemberView): readonly Sighting[] {
  const rules = listAt(view.value, ["spec", "http"]);
  const catchAll = rules.findIndex((rule) => listAt(rule, ["match"]).length === 0);
  if (catchAll < 0) return [];
  return rules
    .slice(catchAll + 1)
    .map((_, index) =>
      sightingIn(view, ["spec", "http", catchAll + 1 + index], `rule ${catchAll} has no match, so it takes everything`),
    );
}

/** "ns/name", or "name" of the own namespace; a Gateway of another file is not known. */
function hostsOff(view: MemberView, scene: Scene): readonly Sighting[] {
  const names = listAt(view.value, ["spec", "gateways"]).map(String);
  const gateways = istioViews(scene, "Gateway", "networking.istio.io/").filter((gateway) =>
    names.some((name) => [`${gateway.namespace}/${gateway.name}`, ...localName(gateway, view)].includes(name)),
  );
  if (gateways.length === 0) return [];
  const served = gateways.flatMap(({ value }) =>
    listAt(value, ["spec", "servers"]).flatMap((server) => listAt(server, ["hosts"]).map(String)),
  );
  return listAt(view.value, ["spec", "hosts"]).flatMap((host, index) =>
    typeof host !== "string" || served.some((one) => covers(one, host))
      ? []
      : [sightingIn(view, ["spec", "hosts", index], `${host} is in no server of ${names.join(", ")}`)],
  );
}

function localName(gateway: MemberView, view: MemberView): readonly string[] {
  return gateway.namespace === view.namespace ? [gateway.name] : [];
}
