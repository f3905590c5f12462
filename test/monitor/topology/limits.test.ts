// Texts that are made to be too much: each stops at its limit, says so, and takes no time worth mentioning.
import { describe, expect, test } from "vitest";
import { PROBLEMS_MAX } from "../../../monitor/topology/document.ts";
import { parseTopology } from "../../../monitor/topology/parse.ts";
import { SYNTAX_PROBLEMS_MAX, TOPOLOGY_LIMITS } from "../../../monitor/topology/source.ts";
import { ALIASES_MAX, DEPTH_MAX } from "../../../monitor/topology/tree.ts";
import { edited, extended, problemLines, SMALLEST } from "../../support/topology-text.ts";

describe("limits of a text", () => {
  test("length", () => {
    const longest = `${SMALLEST}#`.padEnd(TOPOLOGY_LIMITS.textMax, "-");
    expect(problemLines(longest)).toEqual([]);
    expect(problemLines(`${longest}-`)).toEqual(["1:1: expected at most 262144 characters, found 262145"]);
  });

  test("followed aliases, those in aliases included", () => {
    const levels = [
      "a: &a [x, x]",
      "b: &b [*a, *a]",
      "c: &c [*b, *b]",
      "d: &d [*c, *c]",
      "e: &e [*d, *d]",
      "f: [*e, *e]",
    ];
    const found = problemLines(extended(...levels)).filter((line) => !line.includes("unknown key"));
    expect(found).toEqual([expect.stringContaining(`expected at most ${ALIASES_MAX} aliases, found more`)]);
  });

  test("one alias more than may be followed", () => {
    const aliases = (count: number) =>
      problemLines(extended("a: &a x", `b: [${Array.from({ length: count }, () => "*a").join(", ")}]`)).filter((line) =>
        line.includes("aliases"),
      );
    expect(aliases(ALIASES_MAX)).toEqual([]);
    expect(aliases(ALIASES_MAX + 1)).toHaveLength(1);
  });

  test("an alias inside of its own anchor", () => {
    const found = problemLines(extended("a: &a [*a]")).filter((line) => !line.includes("unknown key"));
    expect(found).toEqual([`14:8: a${"[0]".repeat(DEPTH_MAX)}: expected at most ${DEPTH_MAX} levels, found more`]);
  });

  test("levels", () => {
    const nested = (levels: number) =>
      problemLines(extended(`a: ${"[".repeat(levels)}${"]".repeat(levels)}`)).filter((line) => line.includes("levels"));
    expect(nested(DEPTH_MAX)).toEqual([]);
    expect(nested(DEPTH_MAX + 1)).toEqual([
      expect.stringContaining(`expected at most ${DEPTH_MAX} levels, found more`),
    ]);
  });

  test("more levels than the parser's stack", () => {
    expect(problemLines("[".repeat(100_000)).join("\n")).toContain("expected a few levels of nesting");
  });

  test("values", () => {
    const found = problemLines(extended(`a: [${"1,".repeat(TOPOLOGY_LIMITS.valuesMax)}]`)).filter((line) =>
      line.includes("values"),
    );
    expect(found).toEqual([
      expect.stringContaining(`expected at most ${TOPOLOGY_LIMITS.valuesMax} values, found more`),
    ]);
  });

  test("problems, with the number of those that are not told", () => {
    const keys = Array.from({ length: PROBLEMS_MAX + 5 }, (_, index) => `k${index}: 1`);
    const found = problemLines(extended(...keys));
    expect(found).toHaveLength(PROBLEMS_MAX + 1);
    expect(found.at(-1)).toBe("1014:1: k1000: expected at most 1000 problems, found 5 more from here on");
  });

  test("mistakes in YAML", () => {
    const lines = Array.from({ length: 100 }, () => "a: }");
    expect(problemLines(lines.join("\n"))).toHaveLength(SYNTAX_PROBLEMS_MAX);
  });
});

describe("limits of a topology", () => {
  const regions = (count: number) =>
    Array.from(
      { length: count },
      (_, index) =>
        `  - { id: r${index}, region: r, cluster: { context: c${index} }, endpoint: { url: "https://r${index}.example.com", addresses: [192.0.2.${index}] } }\n`,
    ).join("");
  const withRegions = (count: number) =>
    `service: { name: demo, host: demo.example.com, image: demo:1 }\nregions:\n${regions(count)}dns: { zone: example.com, policy: { routing: simple } }\n`;
  const vantages = (count: number) =>
    Array.from({ length: count }, (_, index) => `    - { id: v${index}, hint: weur }`);

  test("100 regions", () => {
    expect(problemLines(withRegions(100))).toEqual([]);
    expect(problemLines(withRegions(101))).toEqual([
      "3:3: regions: expected a list of 1 to 100 regions, found a list of 101",
    ]);
  });

  test("32 vantages", () => {
    expect(problemLines(extended("probe:", "  vantages:", ...vantages(32)))).toEqual([]);
    expect(problemLines(extended("probe:", "  vantages:", ...vantages(33)))).toEqual([
      "16:5: probe.vantages: expected a list of 1 to 32 vantages, found a list of 33",
    ]);
  });

  test("16 addresses of a region", () => {
    const addresses = (count: number) => Array.from({ length: count }, (_, index) => `192.0.2.${index}`).join(", ");
    expect(parseTopology(edited(["192.0.2.10", addresses(16)])).ok).toBe(true);
    expect(problemLines(edited(["192.0.2.10", addresses(17)]))).toEqual([
      "6:59: regions[0].endpoint.addresses: expected a list of 1 to 16 addresses, found a list of 17",
    ]);
  });
});
