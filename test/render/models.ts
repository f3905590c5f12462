// The published schemas of what is rendered, and what they say of an object. The models let unknown fields pass, so a
// second look finds the fields that the schema never read: those are misspelt, or nobody's.
import { ApplicationSet } from "@kubernetes-models/argo-cd/argoproj.io/v1alpha1";
import { DestinationRule, Gateway, VirtualService } from "@kubernetes-models/istio/networking.istio.io/v1";
import { AuthorizationPolicy, PeerAuthentication } from "@kubernetes-models/istio/security.istio.io/v1";
import { CustomResourceDefinition } from "kubernetes-models/apiextensions.k8s.io/v1";
import { Deployment } from "kubernetes-models/apps/v1";
import { NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1";
import { ConfigMap, LimitRange, Namespace, ResourceQuota, Service, ServiceAccount } from "kubernetes-models/v1";

interface ModelClass {
  readonly apiVersion: string;
  readonly kind: string;
  readonly prototype: { validate(): void };
}

const MODELS: readonly ModelClass[] = [
  ApplicationSet,
  AuthorizationPolicy,
  ConfigMap,
  CustomResourceDefinition,
  Deployment,
  DestinationRule,
  Gateway,
  LimitRange,
  Namespace,
  NetworkPolicy,
  PeerAuthentication,
  PodDisruptionBudget,
  ResourceQuota,
  Service,
  ServiceAccount,
  VirtualService,
];

/** Null: there is no published schema of such an object. */
export function schemaProblems(object: unknown): readonly string[] | null {
  const { apiVersion, kind } = object as { readonly apiVersion: string; readonly kind: string };
  const Model = MODELS.find((model) => model.apiVersion === apiVersion && model.kind === kind);
  if (Model === undefined) return null;
  const read = new Set<string>();
  try {
    // Not by `new Model(object)`, which would copy, and so read, everything.
    Model.prototype.validate.call(watched(object, "", read));
  } catch (error) {
    return [String(error)];
  }
  return fieldPaths(object, "")
    .filter((path) => !read.has(path))
    .map((path) => `the schema has no ${path}`);
}

/** The same value; `read` gets the path of every field that somebody looks at. */
function watched(value: unknown, path: string, read: Set<string>): unknown {
  if (typeof value !== "object" || value === null) return value;
  return new Proxy(value, {
    get(target, key) {
      const inner: unknown = Reflect.get(target, key);
      if (typeof key !== "string") return inner;
      read.add(`${path}/${key}`);
      return watched(inner, `${path}/${key}`, read);
    },
  });
}

function fieldPaths(value: unknown, path: string): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [`${path}/${key}`, ...fieldPaths(inner, `${path}/${key}`)]);
}
