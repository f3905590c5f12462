import { Deployment } from "kubernetes-models/apps/v1";
import { Service } from "kubernetes-models/v1";
import { describe, expect, test } from "vitest";
import { misfits } from "../../../monitor/lint/shape.ts";

const CONTAINER = { name: "a", image: "a:1", ports: [{ containerPort: 80 }] };

function deployment(spec: object): Record<string, unknown> {
  const template = { metadata: { labels: { a: "b" } }, spec: { containers: [CONTAINER] } };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "a" },
    spec: { selector: { matchLabels: { a: "b" } }, template, ...spec },
  };
}

function service(spec: object): Record<string, unknown> {
  return { apiVersion: "v1", kind: "Service", metadata: { name: "a" }, spec };
}

function isValid(model: { validate: () => void }): boolean {
  try {
    model.validate();
    return true;
  } catch {
    return false;
  }
}

describe("lint and kubernetes-models agree, but on unknown fields, which only lint sees", () => {
  test.each([
    { name: "a plain one", spec: {}, fits: true },
    { name: "replicas as a text", spec: { replicas: "2" }, fits: false },
    { name: "a flag as a text", spec: { paused: "true" }, fits: false },
    { name: "a list where a mapping belongs", spec: { strategy: [] }, fits: false },
    { name: "a word that is none of the words", spec: { strategy: { type: "recreate" } }, fits: false },
    { name: "a share as a text", spec: { strategy: { rollingUpdate: { maxSurge: "25%" } } }, fits: true },
    { name: "a missing field", spec: { selector: undefined }, fits: false },
    { name: "a container without a name", spec: { template: { spec: { containers: [{ image: "a" }] } } }, fits: false },
    { name: "a null", spec: { replicas: null }, fits: true },
  ])("Deployment: $name", ({ spec, fits }) => {
    const object = deployment(spec);
    expect(isValid(new Deployment(object as never))).toBe(fits);
    expect(misfits(object, "Deployment").length === 0).toBe(fits);
  });

  test.each([
    { name: "a plain one", spec: { ports: [{ port: 80, targetPort: "http" }] }, fits: true },
    { name: "a port without a number", spec: { ports: [{ name: "http" }] }, fits: false },
    { name: "a port as a text", spec: { ports: [{ port: "80" }] }, fits: false },
    { name: "a label that is a number", spec: { selector: { version: 1 } }, fits: false },
    { name: "ports that are no list", spec: { ports: { port: 80 } }, fits: false },
  ])("Service: $name", ({ spec, fits }) => {
    const object = service(spec);
    expect(isValid(new Service(object as never))).toBe(fits);
    expect(misfits(object, "Service").length === 0).toBe(fits);
  });

  test("an unknown field", () => {
    const object = deployment({ replica: 2 });
    expect(isValid(new Deployment(object as never))).toBe(true);
    expect(misfits(object, "Deployment")).toEqual([
      {
        kind: "unknown",
        path: ["spec", "replica"],
        message: "DeploymentSpec has no field `replica`, did you mean `replicas`?",
      },
    ]);
  });
});
