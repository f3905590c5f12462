import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isTopology, lintSources } from "../../../monitor/lint/lint.ts";
import { readManifest } from "../../../monitor/lint/manifest.ts";
import type { Finding } from "../../../monitor/model/finding.ts";
import { AT, edited, lint, MANIFESTS, TOPOLOGY } from "./manifests.ts";

const read = (text: string): ReturnType<typeof readManifest> => readManifest({ file: "a.yaml", text });
const object = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n`;

describe("reading manifests", () => {
  test("goes on after a document that is broken", () => {
    const { objects, unread } = read(`${object("a")}---\nx: [1\n---\n${object("b")}`);
    expect(objects.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(unread.map(({ kind, place }) => [kind, place.line])).toEqual([["broken", 6]]);
  });

  test("takes a List apart, with the places of its items", () => {
    const { objects } = read(
      "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Secret\n    metadata: { name: a }",
    );
    expect(objects.map(({ subject }) => subject)).toEqual(["Secret a"]);
    expect(objects[0]?.placeOf(["metadata", "name"])).toEqual({ file: "a.yaml", line: 6, column: 17 });
  });

  test("reads JSON as well", () => {
    expect(read('{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}}').objects).toHaveLength(1);
  });

  test.each(["yes", "No", "on", "OFF", "y", "n"])("takes %s for true or false, as kubectl does", (word) => {
    const { objects } = read(`${object("a")}data: { REGION: ${word} }`);
    expect(objects[0]?.value["data"]).toEqual({ REGION: /^(y|on)/i.test(word) });
  });

  test("takes 1:30 and a date for texts, as kubectl does", () => {
    const { objects } = read(`${object("a")}data: { a: 1:30, b: 2026-01-01 }`);
    expect(objects[0]?.value["data"]).toEqual({ a: "1:30", b: "2026-01-01" });
  });

  test("follows aliases and merge keys, to their places", () => {
    const { objects } = read(`${object("a")}data: &d\n  x: "1"\nother: *d\nmerged: { <<: *d }`);
    expect(objects[0]?.value["merged"]).toEqual({ x: "1" });
    expect(objects[0]?.placeOf(["other", "x"]).line).toBe(5);
  });

  test("points at what is nearest where nothing stands", () => {
    const { objects } = read(object("a"));
    expect(objects[0]?.placeOf(["metadata", "labels", "a"])).toEqual({ file: "a.yaml", line: 3, column: 1 });
    expect(objects[0]?.placeOf(["spec"])).toEqual({ file: "a.yaml", line: 1, column: 1 });
  });

  test("refuses aliases that grow without end", () => {
    const lines = Array.from(
      { length: 9 },
      (_, index) => `l${index + 1}: &l${index + 1} [${`*l${index}, `.repeat(9)}]`,
    );
    const { unread } = read(`l0: &l0 x\n${lines.join("\n")}\n`);
    expect(unread).toMatchObject([{ kind: "broken" }]);
  });

  test("has nothing to say of an empty text, comments and empty documents", () => {
    expect([read(""), read("# a\n---\n---\n")].map(({ unread, objects }) => [unread, objects])).toEqual([
      [[], []],
      [[], []],
    ]);
  });
});

describe("what is a topology", () => {
  test.each([
    { name: "our own", text: TOPOLOGY, is: true },
    { name: "one with broken YAML", text: `${TOPOLOGY}x: [\n`, is: true },
    { name: "one without regions", text: TOPOLOGY.replace("regions:", "region:"), is: true },
    { name: "one in JSON", text: '{"service": {}, "regions": []}', is: true },
    { name: "the values of a Helm chart", text: "service: { port: 80 }\nreplicaCount: 2\n", is: false },
    { name: "an object in JSON", text: '{"apiVersion": "a/v1", "service": {}, "regions": []}', is: false },
    { name: "an object with regions", text: "apiVersion: a/v1\nkind: B\nregions: []\nservice: {}\n", is: false },
    { name: "manifests", text: MANIFESTS, is: false },
    { name: "regions further inside", text: "a:\n  regions: []\n  service: {}\n", is: false },
  ])("$name: $is", ({ text, is }) => {
    expect(isTopology(text)).toBe(is);
  });
});

describe("findings", () => {
  test("come by source, then line, and each once however many clusters show it", () => {
    const manifests = edited(MANIFESTS, [
      ["      replicas: 2\n", "      replicas: 2\n      minReadySecond: 5\n"],
      ["              image: demo:1", "              image: demo"],
    ]);
    const found = lint(
      manifests,
      edited(TOPOLOGY, [["dns:\n", "lint: { waivers: [ { id: KF-X, reason: a, until: 2027-01-01 } ] }\ndns:\n"]]),
    );
    expect(found.map(({ id, place }) => `${place.file}:${place.line} ${id}`)).toEqual([
      "topology.yaml:6 TOPO-WAIVER-UNKNOWN-RULE",
      "manifests.yaml:45 K8S-UNKNOWN-FIELD",
      "manifests.yaml:55 K8S-IMAGE-MOVES",
      "manifests.yaml:56 TOPO-IMAGE-DIFFERS",
    ]);
    expect(found[1]?.message).not.toContain("aws");
  });

  test("say nothing about clusters that nobody has told of", () => {
    const manifests = MANIFESTS.replaceAll("name: gcp", "name: azure").replaceAll(
      "clusterName: gcp",
      "clusterName: azure",
    );
    expect(lint(manifests, null)).toEqual([]);
    expect(lint(manifests).length).toBeGreaterThan(0);
  });
});

describe("one cluster in each file", () => {
  const cluster = (replicas: number, pods: number): string => `apiVersion: v1
kind: Namespace
metadata: { name: demo, labels: { istio-injection: enabled, pod-security.kubernetes.io/enforce: restricted } }
---
apiVersion: v1
kind: ResourceQuota
metadata: { name: demo, namespace: demo }
spec: { hard: { pods: "${pods}" } }
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: { name: demo, namespace: demo }
spec: { replicas: ${replicas}, selector: {} }
`;
  const found = (...texts: readonly string[]): readonly string[] =>
    lintSources(
      texts.map((text, index) => ({ file: `${index}.yaml`, text })),
      { variables: {} },
      AT,
    )
      .filter(({ id }) => id === "K8S-QUOTA-SMALL" || id === "ISTIO-INIT-REFUSED")
      .map(({ id, place }) => `${place.file} ${id}`);

  test("a quota is for the workloads of its own file, and those of another are not added", () => {
    expect(found(cluster(3, 3), cluster(2, 2))).toEqual(["0.yaml ISTIO-INIT-REFUSED"]);
    expect(found(cluster(3, 3), cluster(3, 2))).toEqual(["0.yaml ISTIO-INIT-REFUSED", "1.yaml K8S-QUOTA-SMALL"]);
  });

  test("a quota in a file of its own is for the largest of them", () => {
    const [namespace = "", quota = "", three = ""] = cluster(3, 3).split("---\n");
    const two = three.replace("replicas: 3", "replicas: 2");
    const smaller = quota.replace('"3"', '"2"');
    expect(found(namespace, quota, two, three)).toEqual(["0.yaml ISTIO-INIT-REFUSED"]);
    expect(found(namespace, smaller, two, three)).toEqual(["0.yaml ISTIO-INIT-REFUSED", "1.yaml K8S-QUOTA-SMALL"]);
  });
});

describe("waivers", () => {
  const waived = (waiver: string): readonly Finding[] =>
    lint(
      edited(MANIFESTS, [["              image: demo:1", "              image: demo:2"]]),
      edited(TOPOLOGY, [
        ["dns:\n", `lint: { waivers: [ { id: TOPO-IMAGE-DIFFERS, reason: known, ${waiver} } ] }\ndns:\n`],
      ]),
    );

  test("waive what they are for, with reason and day, and leave it to be seen", () => {
    expect(waived("until: 2027-01-01")).toMatchObject([
      { id: "TOPO-IMAGE-DIFFERS", waiver: { reason: "known", until: "2027-01-01" } },
    ]);
  });

  test("hold on their last day, and no day longer", () => {
    expect(waived("until: 2026-11-22").map(({ id, waiver }) => [id, waiver !== null])).toEqual([
      ["TOPO-IMAGE-DIFFERS", true],
    ]);
    expect(waived("until: 2026-11-21").map(({ id, waiver }) => [id, waiver !== null])).toEqual([
      ["TOPO-WAIVER-EXPIRED", false],
      ["TOPO-IMAGE-DIFFERS", false],
    ]);
  });

  test("of a subject waive nothing else", () => {
    const [found] = waived('subject: "FederatedDeployment demo/demo", until: 2027-01-01');
    expect(found).toMatchObject({ subject: "FederatedDeployment demo/demo", waiver: { reason: "known" } });
    expect(waived('subject: "FederatedDeployment demo/other", until: 2027-01-01')).toMatchObject([
      { id: "TOPO-WAIVER-UNUSED", severity: "note" },
      { id: "TOPO-IMAGE-DIFFERS", waiver: null },
    ]);
  });

  test("of what only clusters can break are left to monitor verify", () => {
    const waivers = "lint: { waivers: [ { id: CL-REPLICAS, reason: known, until: 2026-11-21 } ] }\ndns:\n";
    expect(lint(MANIFESTS, edited(TOPOLOGY, [["dns:\n", waivers]]))).toEqual([]);
  });
});

describe("laws", () => {
  const words = MANIFESTS.split(/(\s+)/);

  test("no text makes lint throw, and every place is in the text", () => {
    const mangled = fc
      .array(
        fc.tuple(
          fc.nat(words.length - 1),
          fc.oneof(fc.constantFrom("null", "[]", "{}", "- ", "3", "''", "*a"), fc.string()),
        ),
        {
          maxLength: 4,
        },
      )
      .map((changes) => words.map((word, index) => changes.find(([at]) => at === index)?.[1] ?? word).join(""));
    fc.assert(
      fc.property(mangled, (text) => {
        const lines = text.split("\n");
        for (const { place } of lintSources([{ file: "a", text }], { variables: {} }, AT)) {
          expect(place.line).toBeLessThanOrEqual(lines.length);
          expect(place.column).toBeGreaterThan(0);
        }
      }),
      { numRuns: 300 },
    );
  });
});
