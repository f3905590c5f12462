// `monitor doctor` for people: one line for each thing, and below what is missing the way to get it.
import { DOCTOR_GROUPS, type DoctorRow, lacksNeeded } from "../local/doctor-row.ts";
import { type Line, paintLine, piece } from "../local/text-line.ts";

const STATE_COLUMNS = 11;
const NAME_COLUMNS = 28;
/** Fixes are commands: they are never cut. */
const WIDTH_MAX = 4000;
const TONES = { ok: "good", missing: "bad", skipped: "dim" } as const;

export function doctorText(rows: readonly DoctorRow[], colours: "on" | "off"): string {
  const parts = DOCTOR_GROUPS.flatMap((group) => {
    const own = rows.filter((row) => row.group === group);
    return own.length === 0 ? [] : [[[piece(group, "strong")], ...own.flatMap(rowLines)]];
  });
  const texts = [...parts, lastLines(rows)].map((part) =>
    part.map((line) => paintLine(line, WIDTH_MAX, colours)).join("\n"),
  );
  return `${texts.join("\n\n")}\n`;
}

function rowLines({ state, name, seen, neededFor, fix, group }: DoctorRow): readonly Line[] {
  const tone = state === "missing" && group !== "local world" ? "wait" : TONES[state];
  const head: Line = [
    piece(`  ${state.padEnd(STATE_COLUMNS - 2)}`, tone),
    piece(name.padEnd(NAME_COLUMNS)),
    piece(` ${seen}`, state === "ok" ? "dim" : "plain"),
  ];
  if (state === "ok") return [head];
  const indent = piece(" ".repeat(STATE_COLUMNS));
  return [
    head,
    ...(state === "missing" ? [[indent, piece(`for ${neededFor}`, "dim")]] : []),
    ...(fix === null || state === "skipped" ? [] : [[indent, piece(`fix: ${fix}`)]]),
  ];
}

/** What can be done here, group by group. */
function lastLines(rows: readonly DoctorRow[]): readonly Line[] {
  const short = DOCTOR_GROUPS.filter((group) => rows.some((row) => row.group === group && row.state === "missing"));
  const others = short.filter((group) => group !== "local world");
  const lacks = lacksNeeded(rows);
  return [
    [piece(lacks ? "The local world cannot run yet." : "The local world can run: npm start", lacks ? "bad" : "good")],
    ...(others.length === 0 ? [] : [[piece(`Incomplete, where you need them: ${others.join(", ")}.`, "wait")]]),
  ];
}
