// Where `monitor watch` says what: data and talk apart, and nothing lost under the picture.
import { expect, test } from "vitest";
import { makeStatus } from "../../monitor/report/status.ts";
import { EMPTY_STATE } from "../../monitor/run/state.ts";
import { openWatchScreen, type Terminals } from "../../monitor/watch/screen.ts";
import { EXAMPLE } from "../support/example-topology.ts";

const NOW = Date.UTC(2026, 10, 28, 12, 0, 1);
const SIGHT = { kind: "report", report: makeStatus(EXAMPLE, EMPTY_STATE, NOW) } as const;

function open(style: Terminals["style"], columns = 40, rows = 60) {
  const texts = { stdout: "", stderr: "" };
  const stdout = { columns, rows, write: (text: string) => (texts.stdout += text) };
  const stderr = { write: (text: string) => (texts.stderr += text) };
  return { screen: openWatchScreen({ style, colours: "off", stdout, stderr }, { now: () => NOW }), texts };
}

test("elsewhere than on a terminal, changes are lines on stdout and talk is lines on stderr", () => {
  const { screen, texts } = open("lines");
  screen.tell(["refused", "a \u001b[2J line"]);
  screen.face.show(SIGHT, NOW);
  screen.face.show(SIGHT, NOW);
  expect(texts.stderr).toBe("12:00:01Z refused\n12:00:01Z a  [2J line\n");
  expect(texts.stdout.match(/overall is/g)).toHaveLength(1);
});

test("on a terminal talk stands under the picture, its latest lines whole, however narrow it is", () => {
  const { screen, texts } = open("picture");
  screen.tell(["the first line of all that were told"]);
  screen.tell(Array.from({ length: 9 }, (_, index) => `line ${index}`));
  screen.tell([`${"x".repeat(40)} and its end`]);
  screen.face.show(SIGHT, NOW);
  screen.face.close();
  expect(texts.stderr).toBe("");
  expect(texts.stdout).not.toContain("the first line");
  expect(texts.stdout).toContain("line 8");
  expect(texts.stdout).toContain("and its end");
});

test("a terminal that does not know its size, as of a container, gets a picture of the usual one", () => {
  const { screen, texts } = open("picture", 0, 0);
  screen.tell(["what was told"]);
  screen.face.show(SIGHT, NOW);
  screen.face.close();
  expect(texts.stdout).toContain("aws-us-east-1");
  expect(texts.stdout).toContain("what was told");
});
