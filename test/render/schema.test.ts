// Everything rendered has the shape that its own API publishes. What KubeFed's host accepts without looking, the template,
// is looked at as the object that a member gets.
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { filesOf, objectsIn, plainObjects, textOf } from "./effective.ts";
import { schemaProblems } from "./models.ts";
import { EVERY_OPTION } from "./topologies.ts";

const files = filesOf(EVERY_OPTION);
/** Their APIs publish no schema as a package. */
const WITHOUT_SCHEMA = /kubefed\.io|karmada\.io|kustomize\.config|toolkit\.fluxcd|cert-manager\.io/;
/** A generator's elements are anybody's; a schema inside of a CRD is looked at below. */
const FREE = /\/spec\/generators\/0\/list\/elements\/|\/openAPIV3Schema\//;

interface Named {
  readonly apiVersion: string;
  readonly kind: string;
}

describe.each(files.filter(({ path }) => path.endsWith(".yaml")))("$path", ({ text }) => {
  test("every object is parsed, and valid where its API publishes a schema", () => {
    const objects = objectsIn(text) as readonly Named[];
    expect(objects.length).toBeGreaterThan(0);
    for (const object of objects) {
      const problems = schemaProblems(object);
      if (problems === null) expect(object.apiVersion).toMatch(WITHOUT_SCHEMA);
      else expect(problems.filter((problem) => !FREE.test(problem))).toEqual([]);
    }
  });

  test("no line is longer than 120 characters, but for an image with its digest", () => {
    const lines = text.split("\n").filter((line) => !/^ *image: \S+@sha256:\S+$/.test(line));
    expect(lines.filter((line) => line.length > 120)).toEqual([]);
  });
});

describe("the schema check sees", () => {
  const deployment = plainObjects(files, "aws-us-east-1")["Deployment/multicloud-demo"];
  const broken = (from: string, to: string): unknown => JSON.parse(JSON.stringify(deployment).replace(from, to));

  test.each([
    { name: "a misspelt field", from: '"failureThreshold"', to: '"failureTreshold"' },
    { name: "a field in the wrong place", from: '"env":[', to: '"environment":[' },
    { name: "a number for a text", from: '"value":"8080"', to: '"value":8080' },
    {
      name: "a missing field",
      from: '"selector":{"matchLabels":{"app":"multicloud-demo"}},"template"',
      to: '"template"',
    },
  ])("$name", ({ from, to }) => {
    expect(schemaProblems(deployment)).toEqual([]);
    expect(schemaProblems(broken(from, to))).not.toEqual([]);
  });
});

describe("the CRDs of the federated types", () => {
  const [crd] = objectsIn(textOf(files, "kubefed-types.yaml")) as readonly [CustomResource];
  const ajv = new Ajv2020({ formats: { int64: true } }).addVocabulary(["x-kubernetes-preserve-unknown-fields"]);
  const valid = ajv.compile(crd.spec.versions[0].schema.openAPIV3Schema);
  const federated = objectsIn(textOf(files, "kubefed-manifests.yaml")) as readonly Named[];

  test("take what is rendered", () => {
    const own = federated.filter(({ kind }) => /ResourceQuota|LimitRange|PodDisruptionBudget|NetworkPolicy/.test(kind));
    expect(own.map((object) => (valid(object) ? object.kind : valid.errors))).toEqual([
      "FederatedResourceQuota",
      "FederatedLimitRange",
      "FederatedPodDisruptionBudget",
      "FederatedNetworkPolicy",
      "FederatedNetworkPolicy",
    ]);
  });

  test.each([
    {
      name: "an override without a path",
      spec: { overrides: [{ clusterName: "a", clusterOverrides: [{ value: 1 }] }] },
    },
    {
      name: "an operation that KubeFed has not",
      spec: { overrides: [{ clusterOverrides: [{ op: "move", path: "/a" }] }] },
    },
    { name: "a placement without names", spec: { placement: { clusters: ["a"] } } },
    { name: "a cluster without a name", spec: { placement: { clusters: [{ cluster: "a" }] } } },
  ])("refuse $name", ({ spec }) => {
    expect(valid({ spec })).toBe(false);
  });
});

interface CustomResource {
  readonly spec: { readonly versions: readonly [{ readonly schema: { readonly openAPIV3Schema: object } }] };
}
