import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import type { Finding } from "../../../monitor/model/finding.ts";
import { findingsJunit } from "../../../monitor/report/findings-junit.ts";
import { findingsSarif, type RuleCard } from "../../../monitor/report/findings-sarif.ts";
import { findingsText } from "../../../monitor/report/findings-text.ts";
import { countPhrase, findingsVerdict } from "../../../monitor/report/findings-verdict.ts";

function finding(rest: Partial<Finding>): Finding {
  return {
    id: "KF-OVERRIDE-NOT-PLACED",
    severity: "error",
    place: { file: "a b/kubefed.yaml", line: 12, column: 7 },
    subject: "FederatedDeployment demo/demo",
    message: '"gcp" is not in the placement',
    fix: "Add the cluster.",
    source: "measured",
    waiver: null,
    ...rest,
  };
}

const ERROR = finding({});
const WARNING = finding({
  id: "K8S-NO-REQUESTS",
  severity: "warning",
  place: { file: "a b/kubefed.yaml", line: 140, column: 11 },
  message: "container <demo> requests no cpu & no memory",
});
const NOTE = finding({
  severity: "note",
  id: "KF-DELETED-WITH-NAMESPACE",
  place: { file: "lb.yaml", line: 1, column: 1 },
});
const WAIVED = finding({
  place: { file: "lb.yaml", line: 3, column: 1 },
  waiver: { reason: "until the move", until: "2027-01-01" },
});
const ALL = [ERROR, WARNING, NOTE, WAIVED];
const FILES = ["a b/kubefed.yaml", "lb.yaml", "topology.yaml"];

const RULES: readonly RuleCard[] = [
  {
    id: "K8S-NO-REQUESTS",
    severity: "warning",
    wrong: "It is evicted first.",
    fix: "Set requests.",
    source: "documentation",
  },
  {
    id: "KF-OVERRIDE-NOT-PLACED",
    severity: "error",
    wrong: "Nothing comes of it.",
    fix: "Add the cluster.",
    source: "measured",
  },
];

describe("the verdict", () => {
  test.each([
    { name: "nothing", findings: [], lenient: "conforms", strict: "conforms" },
    { name: "an error", findings: [ERROR], lenient: "deviates", strict: "deviates" },
    { name: "a waived error", findings: [WAIVED], lenient: "conforms", strict: "conforms" },
    { name: "a warning", findings: [WARNING], lenient: "conforms", strict: "deviates" },
    { name: "a note", findings: [NOTE], lenient: "conforms", strict: "conforms" },
  ])("of $name is $lenient, strictly $strict", ({ findings, lenient, strict }) => {
    expect([findingsVerdict(findings, "lenient"), findingsVerdict(findings, "strict")]).toEqual([lenient, strict]);
  });

  test("is counted in words", () => {
    expect([countPhrase([]), countPhrase(ALL), countPhrase([ERROR, ERROR])]).toEqual([
      "no findings",
      "1 error, 1 warning, 1 note, 1 waived",
      "2 errors",
    ]);
  });
});

describe("text", () => {
  test("goes by file and line, with what to do", () => {
    expect(findingsText(ALL, FILES, "off")).toBe(`a b/kubefed.yaml
  12:7    error    KF-OVERRIDE-NOT-PLACED  FederatedDeployment demo/demo
          "gcp" is not in the placement
          fix: Add the cluster.
  140:11  warning  K8S-NO-REQUESTS  FederatedDeployment demo/demo
          container <demo> requests no cpu & no memory
          fix: Add the cluster.

lb.yaml
  1:1     note     KF-DELETED-WITH-NAMESPACE  FederatedDeployment demo/demo
          "gcp" is not in the placement
          fix: Add the cluster.
  3:1     waived   KF-OVERRIDE-NOT-PLACED  FederatedDeployment demo/demo
          "gcp" is not in the placement
          waived until 2027-01-01: until the move

3 files: 1 error, 1 warning, 1 note, 1 waived
`);
  });

  test("says once what many places would say the same, and of which", () => {
    const alike = (count: number): string =>
      findingsText(
        Array.from({ length: count }, (_, index) =>
          finding({ subject: `record ${index}`, place: { file: "zone.json", line: 10 + index, column: 5 } }),
        ),
        ["zone.json"],
        "off",
      );
    expect(alike(3).split("fix:")).toHaveLength(4);
    expect(alike(6)).toBe(`zone.json
  10:5    error    KF-OVERRIDE-NOT-PLACED  record 0
          "gcp" is not in the placement
          the same of record 1 (line 11), record 2 (line 12), record 3 (line 13) and 2 more; --json has all
          fix: Add the cluster.

1 file: 6 errors
`);
    expect(alike(4)).toContain("(line 13)\n");
  });

  test("without findings is one line", () => {
    expect(findingsText([], ["a.yaml"], "off")).toBe("1 file: no findings\n");
  });

  test("is the same with colours, but for the colours", () => {
    const painted = findingsText(ALL, FILES, "on");
    expect(painted).toContain("\u001B[31merror    \u001B[0m");
    const [first = "", ...rest] = painted.split("\u001B[");
    expect(first + rest.map((part) => part.slice(part.indexOf("m") + 1)).join("")).toBe(
      findingsText(ALL, FILES, "off"),
    );
  });

  test("shows no control characters of a manifest", () => {
    const shown = findingsText([finding({ subject: "Secret \u001B[2Ja\nb" })], FILES, "off");
    expect(shown).toContain("Secret  [2Ja b\n");
  });
});

describe("SARIF", () => {
  const text = z.string().check(z.minLength(1));
  const message = z.strictObject({ text });
  /** What SARIF 2.1.0 asks of the parts that we use; nothing else may be there. */
  const LOG = z.strictObject({
    $schema: z.literal("https://json.schemastore.org/sarif-2.1.0.json"),
    version: z.literal("2.1.0"),
    runs: z.tuple([
      z.strictObject({
        tool: z.strictObject({
          driver: z.strictObject({
            name: text,
            rules: z.array(
              z.strictObject({
                id: text,
                shortDescription: message,
                help: message,
                defaultConfiguration: z.strictObject({ level: z.enum(["none", "note", "warning", "error"]) }),
              }),
            ),
          }),
        }),
        columnKind: z.enum(["utf16CodeUnits", "unicodeCodePoints"]),
        results: z.array(
          z.strictObject({
            ruleId: text,
            ruleIndex: z.optional(z.int().check(z.minimum(0))),
            level: z.enum(["none", "note", "warning", "error"]),
            message,
            locations: z.array(
              z.strictObject({
                physicalLocation: z.strictObject({
                  artifactLocation: z.strictObject({ uri: z.string().check(z.regex(/^[^\s"<>\\^`{|}]+$/)) }),
                  region: z.strictObject({
                    startLine: z.int().check(z.minimum(1)),
                    startColumn: z.int().check(z.minimum(1)),
                  }),
                }),
                logicalLocations: z.array(z.strictObject({ fullyQualifiedName: text, kind: text })),
              }),
            ),
            suppressions: z.array(z.strictObject({ kind: z.enum(["inSource", "external"]), justification: text })),
          }),
        ),
      }),
    ]),
  });
  const log = (findings: readonly Finding[]): z.output<typeof LOG> =>
    LOG.parse(JSON.parse(findingsSarif(findings, RULES)));

  test("has the structure of SARIF 2.1.0, with and without results", () => {
    expect(log(ALL).runs[0].results).toHaveLength(4);
    expect(log([]).runs[0].results).toEqual([]);
  });

  test("points each result at its rule and its place", () => {
    const [run] = log(ALL).runs;
    const [first] = run.results;
    expect(run.tool.driver.rules[first?.ruleIndex ?? -1]?.id).toBe(ERROR.id);
    expect(first?.locations[0]).toEqual({
      physicalLocation: {
        artifactLocation: { uri: "a%20b/kubefed.yaml" },
        region: { startLine: 12, startColumn: 7 },
      },
      logicalLocations: [{ fullyQualifiedName: "FederatedDeployment demo/demo", kind: "resource" }],
    });
  });

  test("suppresses what is waived", () => {
    expect(log(ALL).runs[0].results.map(({ suppressions }) => suppressions)).toEqual([
      [],
      [],
      [],
      [{ kind: "external", justification: "until the move (until 2027-01-01)" }],
    ]);
  });

  test.each([
    { file: "/tmp/a.yaml", uri: "file:///tmp/a.yaml" },
    { file: "a:b/c.yaml", uri: "./a:b/c.yaml" },
    { file: "a?b#c.yaml", uri: "a%3Fb%23c.yaml" },
  ])("writes $file as $uri", ({ file, uri }) => {
    const [result] = log([finding({ place: { file, line: 1, column: 1 } })]).runs[0].results;
    expect(result?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(uri);
  });
});

describe("JUnit", () => {
  test("fails for errors, skips what is waived, passes what has no findings", () => {
    expect(findingsJunit(ALL, FILES, "lenient")).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="monitor lint" tests="5" failures="1" skipped="1">
  <testsuite name="a b/kubefed.yaml" tests="2" failures="1" skipped="0">
    <testcase classname="a b/kubefed.yaml" name="KF-OVERRIDE-NOT-PLACED FederatedDeployment demo/demo (line 12, column 7)">
      <failure type="error" message="&#34;gcp&#34; is not in the placement">a b/kubefed.yaml:12:7: &#34;gcp&#34; is not in the placement. Add the cluster.</failure>
    </testcase>
    <testcase classname="a b/kubefed.yaml" name="K8S-NO-REQUESTS FederatedDeployment demo/demo (line 140, column 11)">
      <system-out>warning: a b/kubefed.yaml:140:11: container &#60;demo&#62; requests no cpu &#38; no memory. Add the cluster.</system-out>
    </testcase>
  </testsuite>
  <testsuite name="lb.yaml" tests="2" failures="0" skipped="1">
    <testcase classname="lb.yaml" name="KF-DELETED-WITH-NAMESPACE FederatedDeployment demo/demo (line 1, column 1)">
      <system-out>note: lb.yaml:1:1: &#34;gcp&#34; is not in the placement. Add the cluster.</system-out>
    </testcase>
    <testcase classname="lb.yaml" name="KF-OVERRIDE-NOT-PLACED FederatedDeployment demo/demo (line 3, column 1)">
      <skipped message="waived until 2027-01-01: until the move"/>
    </testcase>
  </testsuite>
  <testsuite name="topology.yaml" tests="1" failures="0" skipped="0">
    <testcase classname="topology.yaml" name="no findings"/>
  </testsuite>
</testsuites>
`);
  });

  test("fails for warnings too when they count", () => {
    expect(findingsJunit([WARNING], ["a b/kubefed.yaml"], "strict")).toContain('<failure type="warning"');
  });

  test("holds only characters that XML has", () => {
    const xml = findingsJunit(
      [finding({ message: "a\u0000\u001Bb\uD800c\uFFFF\td" })],
      ["a b/kubefed.yaml"],
      "lenient",
    );
    expect(xml).toContain('message="a\uFFFD\uFFFDb\uFFFDc\uFFFD&#9;d"');
  });
});
