// A drill's report as JUnit XML, for CI: a case for each thing that the drill was held to. What could not be told is an
// error and not a failure, so that nobody mistakes a blind drill for a broken failover.
import type { DrillReport } from "./drill-report-schema.ts";
import { figureLines } from "./drill-lines.ts";
import { courseLines } from "./drill-words.ts";
import { escapeXml } from "./xml-text.ts";

interface Case {
  readonly name: string;
  readonly state: "passed" | "failure" | "error" | "skipped";
  readonly text: string;
}

export function drillJunit(report: DrillReport): string {
  const cases = [outcomeCase(report), ...figureCases(report)];
  const count = (state: Case["state"]): number => cases.filter((one) => one.state === state).length;
  const counts = `tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}"`;
  const name = escapeXml(`drill ${report.drill}`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="monitor drill" ${counts}>
  <testsuite name="${name}" ${counts} timestamp="${escapeXml(report.startedAt)}">
    <properties>
      <property name="id" value="${escapeXml(report.id)}"/>
      <property name="simulated" value="${report.simulated}"/>
      <property name="local" value="${report.local}"/>
    </properties>
${cases.map((one) => caseXml(one, name)).join("\n")}
  </testsuite>
</testsuites>
`;
}

function caseXml({ name, state, text }: Case, suite: string): string {
  const head = `    <testcase classname="${suite}" name="${escapeXml(name)}"`;
  const words = escapeXml(text);
  switch (state) {
    case "passed":
      return `${head}>\n      <system-out>${words}</system-out>\n    </testcase>`;
    case "skipped":
      return `${head}>\n      <skipped message="${words}"/>\n    </testcase>`;
    case "failure":
    case "error":
      return `${head}>\n      <${state} message="${words}">${words}</${state}>\n    </testcase>`;
  }
}

const STATES: Readonly<Record<DrillReport["outcome"], Case["state"]>> = {
  passed: "passed",
  failed: "failure",
  inconclusive: "error",
  aborted: "error",
};

function outcomeCase(report: DrillReport): Case {
  const { outcome, reasons } = report;
  const why = reasons.map((reason) => `${reason.weight}: ${reason.text}`);
  const text = [...courseLines(report), ...why].join("\n");
  return { name: "comes out as expected", state: STATES[outcome], text: text === "" ? outcome : text };
}

const RESULTS: Readonly<Record<DrillReport["figures"][number]["result"], Case["state"]>> = {
  within: "passed",
  over: "failure",
  open: "error",
  "not needed": "skipped",
  "not bound": "skipped",
};

function figureCases(report: DrillReport): readonly Case[] {
  return figureLines(report).map(({ title, measured, bound, result }) => ({
    name: title,
    state: RESULTS[result],
    text: `${measured}, ${bound === "" ? "no bound" : `at most ${bound}`}`,
  }));
}
