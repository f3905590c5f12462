// `${NAME}` in texts: filled, missing, escaped, and never shown or read as YAML.
import { describe, expect, test } from "vitest";
import { parseTopology } from "../../../monitor/topology/parse.ts";
import { fillVariables } from "../../../monitor/topology/variables.ts";
import { edited, problemLines } from "../../support/topology-text.ts";

describe("a text with references", () => {
  test.each([
    { text: "plain", want: "plain", filled: false },
    { text: "${A}", want: "one", filled: true },
    { text: "a${A}b${B_2}c${A}", want: "aonebtwocone", filled: true },
    { text: "$${A}", want: "${A}", filled: false },
    { text: "$${A} ${A}", want: "${A} one", filled: true },
    { text: "$$${A}", want: "$${A}", filled: false },
    { text: "$A costs $5", want: "$A costs $5", filled: false },
    { text: "${NESTED}", want: "${A}", filled: true },
    { text: "${EMPTY}", want: "", filled: true },
    { text: "${DOLLARS}", want: "$& $1", filled: true },
  ])("$text gives $want", ({ text, want, filled }) => {
    const variables = { A: "one", B_2: "two", NESTED: "${A}", EMPTY: "", DOLLARS: "$& $1" };
    expect(fillVariables(text, variables)).toEqual({ text: want, filled, faults: [] });
  });

  test.each([
    {
      text: "${A} ${B}",
      faults: ["A", "B"].map((name) => `expected a value for the variable \${${name}}, found that it is not set`),
    },
    { text: "${constructor}", faults: ["expected a value for the variable ${constructor}, found that it is not set"] },
    {
      text: "${foo-bar}",
      faults: ['expected ${NAME} of letters, digits and underscores, or $${ for a plain ${, found "${foo-bar}"'],
    },
    {
      text: "${}",
      faults: ['expected ${NAME} of letters, digits and underscores, or $${ for a plain ${, found "${}"'],
    },
    {
      text: "${A",
      faults: ['expected ${NAME} of letters, digits and underscores, or $${ for a plain ${, found "${A"'],
    },
    {
      text: "${A${A}}",
      faults: [
        'expected ${NAME} of letters, digits and underscores, or $${ for a plain ${, found "${A"',
        "expected a value for the variable ${A}, found that it is not set",
      ],
    },
  ])("$text is refused", ({ text, faults }) => {
    expect(fillVariables(text, {}).faults).toEqual(faults);
  });
});

describe("in a topology", () => {
  test("every text may be made of variables", () => {
    const text = edited(
      ["host: demo.example.com", "host: '${SUB}.example.com'"],
      ["zone: example.com", "zone: '${ZONE}'"],
    );
    const parsed = parseTopology(text, { SUB: "demo", ZONE: "example.com" });
    expect(parsed).toMatchObject({
      ok: true,
      value: { service: { host: "demo.example.com" }, dns: { zone: "example.com" } },
    });
  });

  test("a value is never read as YAML", () => {
    const variables = { NAME: "demo, host: evil.example.com", FLAG: "true" };
    expect(problemLines(edited(["name: demo", "name: '${NAME}'"]), variables)).toEqual([
      '1:18: service.name: expected a service name of at most 63 lower case letters, digits and hyphens, with no hyphen at either end, found "${NAME}" with its variables filled in',
    ]);
    expect(problemLines(`${edited()}local: "$\{FLAG}"\n`, variables)).toEqual([
      '14:8: local: expected true or false, found "${FLAG}" with its variables filled in',
    ]);
  });

  test("a text between brackets needs quotes, which the message says", () => {
    expect(problemLines(edited(["name: demo", "name: ${NAME}"]), { NAME: "demo" })).toEqual([
      "1:19: expected YAML, found a mistake: Unexpected flow-map-start at node end (between brackets a text with ${NAME} needs quotes)",
    ]);
  });

  test("a reference in a key stays as it is", () => {
    expect(problemLines(edited(["zone:", "'${KEY}': 1\n  zone:"]), { KEY: "zone" })).toEqual([
      '12:3: dns."${KEY}": unknown key `"${KEY}"`, known here: zone, policy, healthCheck, timing, nameServers, resolvers',
    ]);
  });

  test("each unset variable is told once, at its place, and its field is left out of everything else", () => {
    const text = edited(
      ["name: demo", "name: '${A}-${B}'"],
      ["id: east", "id: '${C}'"],
      ["routing: failover", "routing: '${D}'"],
      ["[192.0.2.10]", "['${E}']"],
    );
    const unset = (name: string) => `expected a value for the variable \${${name}}, found that it is not set`;
    expect(problemLines(text)).toEqual([
      `1:18: service.name: ${unset("A")}`,
      `1:18: service.name: ${unset("B")}`,
      `3:9: regions[0].id: ${unset("C")}`,
      `6:60: regions[0].endpoint.addresses[0]: ${unset("E")}`,
      `13:22: dns.policy.routing: ${unset("D")}`,
    ]);
  });

  test("no message shows a value, whatever is wrong with it", () => {
    const secret = "Hunter2 Hunter2";
    const text = edited(
      ["host: demo.example.com", "host: '${S}'"],
      ["url: https://east.example.com", "url: '${S}'"],
      ["zone: example.com", "zone: '${S}'"],
      ["primary: east", "primary: '${S}'"],
    );
    const lines = problemLines(text, { S: secret });
    expect(lines).toHaveLength(4);
    expect(lines.join("\n")).not.toContain("Hunter2");
  });
});
