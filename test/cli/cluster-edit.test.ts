// Edits of the topology's text: what belongs to an entry goes with it, everything else stays byte for byte.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addRegion, type NewRegion, removeRegion } from "../../monitor/cli/cluster-edit.ts";
import { parseTopology } from "../../monitor/topology/parse.ts";
import { ROOT } from "../support/source-files.ts";
import { SMALLEST } from "../support/topology-text.ts";

const SHIPPED = readFileSync(join(ROOT, "manifests/topology.yaml"), "utf8");

const SAO_PAULO: NewRegion = {
  id: "aws-sa-east-1",
  region: "sa-east-1",
  cloud: "aws",
  awsRegion: "sa-east-1",
  context: "aws-sa-east-1",
  replicas: 2,
  url: "https://sae1.demo.multicloud.example.com",
  addresses: ["203.0.113.30"],
};

const IOWA: NewRegion = {
  id: "gcp-us-central1",
  region: "us-central1",
  cloud: null,
  awsRegion: null,
  context: "gcp-us-central1",
  replicas: null,
  url: "https://usc1.demo.multicloud.example.com",
  addresses: ["203.0.113.40", "2001:db8::40"],
};

function added(text: string, region: NewRegion): string {
  const edit = addRegion(text, region);
  if (edit === null) throw new Error("not editable");
  return edit.text;
}

describe("a third and a fourth cluster in the shipped topology", () => {
  const three = added(SHIPPED, SAO_PAULO);
  const four = added(three, IOWA);

  test("stand after the others, in their style, and everything else is as it was", () => {
    const at = four.indexOf("\n  - id: aws-sa-east-1");
    const end = at + four.length - SHIPPED.length;
    expect(four.slice(at, end)).toBe(`
  - id: aws-sa-east-1
    region: sa-east-1
    cloud: aws
    awsRegion: sa-east-1
    cluster:
      context: aws-sa-east-1
      replicas: 2
    endpoint:
      url: https://sae1.demo.multicloud.example.com
      addresses: [203.0.113.30]

  - id: gcp-us-central1
    region: us-central1
    cluster:
      context: gcp-us-central1
    endpoint:
      url: https://usc1.demo.multicloud.example.com
      addresses: [203.0.113.40, 2001:db8::40]
`);
    expect(four.slice(0, at) + four.slice(end)).toBe(SHIPPED);
  });

  test("are what the parser reads", () => {
    const parsed = parseTopology(four);
    expect(parsed.ok ? parsed.value.regions.slice(2) : parsed.problems).toEqual([
      {
        id: "aws-sa-east-1",
        region: "sa-east-1",
        cloud: "aws",
        awsRegion: "sa-east-1",
        cluster: { context: "aws-sa-east-1", replicas: 2 },
        endpoint: { url: SAO_PAULO.url, addresses: SAO_PAULO.addresses },
        dnsHealthCheck: true,
      },
      {
        id: "gcp-us-central1",
        region: "us-central1",
        awsRegion: null,
        cluster: { context: "gcp-us-central1", replicas: 2 },
        endpoint: { url: IOWA.url, addresses: IOWA.addresses },
        dnsHealthCheck: true,
      },
    ]);
  });

  test("removed in either order, they leave the original text", () => {
    expect(removeRegion(three, SAO_PAULO.id)?.text).toBe(SHIPPED);
    for (const [first, second] of [
      [SAO_PAULO.id, IOWA.id],
      [IOWA.id, SAO_PAULO.id],
    ] as const)
      expect(removeRegion(removeRegion(four, first)?.text ?? "", second)?.text).toBe(SHIPPED);
  });
});

/** Regions with every odd thing around them that people write. */
const ODD = `regions: # all of them
  # the first one
  - id: a
    endpoint: { url: "https://a.example.com",
      addresses: [192.0.2.1] } # flow over two lines
      # deeper: belongs to a

  # an idea for later, on its own

  # the second one
  - id: b # really
    note: |
      several
      lines
  - { id: c }
dns: 1
`;

describe("removing", () => {
  test.each([
    {
      id: "a",
      left: `regions: # all of them
  # an idea for later, on its own

  # the second one
  - id: b # really
    note: |
      several
      lines
  - { id: c }
dns: 1
`,
    },
    {
      id: "b",
      left: `regions: # all of them
  # the first one
  - id: a
    endpoint: { url: "https://a.example.com",
      addresses: [192.0.2.1] } # flow over two lines
      # deeper: belongs to a

  # an idea for later, on its own
  - { id: c }
dns: 1
`,
    },
    {
      id: "c",
      left: ODD.replace("  - { id: c }\n", ""),
    },
  ])("$id takes its own comments along and leaves the rest", ({ id, left }) => {
    expect(removeRegion(ODD, id)?.text).toBe(left);
  });

  test("of an unknown id is no edit", () => {
    expect(removeRegion(ODD, "d")).toBeNull();
  });
});

describe("adding", () => {
  test.each([
    { name: "entries without empty lines between them", text: SMALLEST },
    { name: "odd comments", text: ODD },
    { name: "no indentation", text: "regions:\n- id: a\n- id: b\ndns: 1\n" },
    { name: "one entry", text: "regions:\n  - id: a\n" },
    { name: "no line end at its end", text: "dns: 1\nregions:\n  - id: a" },
    { name: "Windows line ends", text: SHIPPED.replaceAll("\n", "\r\n") },
    { name: "a comment at the end", text: "regions:\n  - id: a\n# the end\n" },
  ])("and removing again gives back a file with $name", ({ text }) => {
    const longer = added(text, SAO_PAULO);
    expect(longer).not.toBe(text);
    expect(removeRegion(longer, SAO_PAULO.id)?.text).toBe(text);
    const isWindows = text.includes("\r\n");
    expect(
      longer
        .split("\n")
        .slice(0, -1)
        .every((line) => line.endsWith("\r") === isWindows),
    ).toBe(true);
  });

  test.each([
    { name: "a list in brackets", text: "regions: [{ id: a }]\n" },
    { name: "no list", text: "regions: 7\n" },
    { name: "an empty file", text: "" },
  ])("to $name is no edit", ({ text }) => {
    expect(addRegion(text, SAO_PAULO)).toBeNull();
  });

  test("quotes what YAML would read as something else", () => {
    const id = fc.constantFrom("true", "123", "1e3", "null", "0x10", "a", "on", "- a", "a: b", "# a");
    fc.assert(
      fc.property(id, id, (one, two) => {
        const edit = added("regions:\n  - id: first\n", { ...SAO_PAULO, id: one, context: two });
        expect(removeRegion(edit, one)?.text).toBe("regions:\n  - id: first\n");
      }),
    );
  });
});
