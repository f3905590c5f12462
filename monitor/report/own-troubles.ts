// Troubles of the monitor itself, of which no verdict speaks: that it does not look, that nobody is told, that its topology file
// is broken. Whoever believes what it shows has to know of them.
import { sumOf } from "../grouping.ts";
import type { StatusReport } from "./status-schema.ts";
import type { Trouble } from "./troubles.ts";

/** Older verdicts than that are not worth their words. */
export function silence(report: StatusReport): readonly Trouble[] {
  if (!isSilent(report)) return [];
  return [
    {
      verdict: "undecided",
      title: "The monitor does not look any more",
      since: report.self.lastRoundAt,
      reason: "What stands below is what it saw last",
      next: "/healthz says what keeps it; until then believe nothing here.",
      plannedBy: null,
    },
  ];
}

/** Looks that were enough for a verdict are too old for an opinion. */
export function isSilent({ regions, verdicts }: StatusReport): boolean {
  const judged = verdicts.some(({ subject, verdict }) => subject.startsWith("region:") && verdict !== "undecided");
  return judged && regions.every(({ userHealth }) => userHealth === "unknown");
}

/** What the verdicts do not speak of: who is not told, and what is not watched by. */
export function ofOurOwn({ alerts, self, vantages }: StatusReport): readonly Trouble[] {
  const stuck = (alerts?.channels ?? []).filter(({ failing }) => failing);
  const [since = null] = stuck.flatMap(({ waitingSince }) => waitingSince ?? []).toSorted();
  const refusedAt = self.topology?.refusedAt;
  const own = { verdict: "undecided" as const, plannedBy: null };
  return [
    ...(stuck.length === 0
      ? []
      : [
          {
            ...own,
            title: `Alerts do not arrive: ${stuck.map(({ name }) => name).join(", ")}`,
            since,
            reason: `${sumOf(stuck, ({ waiting }) => waiting)} messages wait, ${sumOf(stuck, ({ dead }) => dead)} were given up`,
            next: "Tell people by hand; `monitor alert list` shows what waits, `monitor alert retry` tries again at once.",
          },
        ]),
    ...(refusedAt === undefined
      ? []
      : [
          {
            ...own,
            title: "The topology file is broken",
            since: refusedAt,
            reason: "What was taken before is watched",
            next: "`monitor lint` says what is wrong with it.",
          },
        ]),
    ...vantages.filter((vantage) => vantage.private === true).flatMap(silentVantage),
  ];
}

/** Others look in its place at nothing that it alone can see. */
function silentVantage({ id, lastAt, missed }: StatusReport["vantages"][number]): readonly Trouble[] {
  if (missed === undefined) return [];
  return [
    {
      verdict: "undecided",
      title: `Nothing comes from ${id}`,
      since: lastAt,
      reason: missed,
      next: `See whether \`monitor vantage ${id}\` runs there, and what it says.`,
      plannedBy: null,
    },
  ];
}
