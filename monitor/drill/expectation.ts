// What the script said would come of the fault, against what came: where answers went, what users met, and what the
// monitor called deviating.
import { formatShare } from "./bounds.ts";
import type { DrillFigures } from "./figures.ts";
import type { Notice } from "./figures-notices.ts";
import { between } from "./figures-places.ts";
import { sideOf } from "./figures-dns.ts";
import type { Moments } from "./moments.ts";
import type { Reason } from "./referee.ts";
import type { DrillExpectation, DrillPlan } from "./script.ts";
import type { Sights } from "./sights.ts";
import { effectOf } from "./fault-effect.ts";

export function expectationReasons(
  plan: DrillPlan,
  sights: Sights,
  figures: DrillFigures,
  moments: Moments,
): readonly Reason[] {
  return [
    ...answerReasons(plan, sights, figures, moments),
    ...userReasons(plan, figures, moments),
    ...noticeReasons(plan, figures, moments),
    ...faultReasons(plan, sights, moments),
  ];
}

function answerReasons(plan: DrillPlan, sights: Sights, figures: DrillFigures, moments: Moments): readonly Reason[] {
  switch (plan.expect.answers) {
    case "move": {
      const { places } = figures.failover;
      if (places.length === 0)
        return [
          { weight: "leaves open", text: "no place was led to the faulted region before, so no answer had to move" },
        ];
      const stuck = places.filter(({ span }) => span === null).map(({ vantage }) => vantage);
      return stuck.length === 0
        ? []
        : [absenceReason(`expected answers to move, found that they stayed in ${stuck.join(", ")}`, moments)];
    }
    case "stay": {
      const moved = plan.vantages.filter((vantage) => hasMoved(plan, sights, vantage, moments));
      return moved.length === 0
        ? []
        : [{ weight: "fails", text: `expected answers to stay, found that they moved in ${moved.join(", ")}` }];
    }
    case "either":
      return [];
  }
}

/** What did not happen fails a drill only where it had the time that was planned. */
function absenceReason(text: string, { isCutShort }: Moments): Reason {
  return isCutShort ? { weight: "leaves open", text: `${text}; it was ended early` } : { weight: "fails", text };
}

/** From before the fault to the repair: an answer on a side where none was before. */
function hasMoved(plan: DrillPlan, sights: Sights, vantage: string, { fault, faultUntil }: Moments): boolean {
  if (fault === null) return false;
  const series = sights.answersAt(vantage, "authoritative");
  const before = new Set(series.filter(({ at }) => at < fault.earliest).map((event) => sideOf(plan, event)));
  return between(series, fault.earliest, faultUntil)
    .map((event) => sideOf(plan, event))
    .some((side) => side !== "neither" && before.size > 0 && !before.has(side));
}

function userReasons(plan: DrillPlan, { recovery, traffic }: DrillFigures, moments: Moments): readonly Reason[] {
  switch (plan.expect.users) {
    case "recover": {
      const lost = recovery.places.filter(({ span }) => span === null).map(({ vantage }) => vantage);
      return lost.length === 0
        ? []
        : [absenceReason(`users in ${lost.join(", ")} were not served again before the repair`, moments)];
    }
    case "never-lost": {
      const most = plan.bounds.lostShareMax ?? 0;
      const { lostShare, lostDuring, triedDuring } = traffic;
      // A bound of its own says the same.
      if (plan.bounds.lostShareMax !== null || lostShare === null || lostShare <= most) return [];
      const found = `${formatShare(lostShare)} (${lostDuring} of ${triedDuring})`;
      return [{ weight: "fails", text: `expected that no request is lost, found ${found}` }];
    }
    case "lost":
      return [];
  }
}

type NoticeKind = DrillExpectation["notices"][number] | "claim";

function noticeReasons(plan: DrillPlan, { notices }: DrillFigures, moments: Moments): readonly Reason[] {
  const { fault, faultUntil } = moments;
  const untilMs = faultUntil - (fault?.earliest ?? faultUntil);
  const unheard = plan.expect.notices.filter(
    (kind) => !notices.some((notice) => kindOf(notice) === kind && notice.after.atMostMs <= untilMs),
  );
  const heard: ReadonlySet<string> = new Set(plan.expect.notices);
  const strange = notices.filter((notice) => !heard.has(kindOf(notice)) || !isAbout(plan.faulted, notice));
  return [
    ...unheard.map((kind) =>
      absenceReason(
        `expected the monitor to call ${SUBJECTS[kind]} deviating, found that it did not before the repair`,
        moments,
      ),
    ),
    ...strange.map(({ subject }): Reason => ({
      weight: "fails",
      text: `expected the monitor to stay calm about ${subject}, found that it called it deviating`,
    })),
  ];
}

const SUBJECTS: Readonly<Record<DrillExpectation["notices"][number], string>> = {
  region: "a faulted region",
  dns: "DNS",
  failover: "failover",
};

function kindOf({ subject }: Notice): NoticeKind {
  const [kind] = subject.split(":");
  return kind === "dns" || kind === "failover" || kind === "claim" ? kind : "region";
}

/** Trouble of a region that the drill leaves alone was not expected, whatever else was. */
function isAbout(faulted: readonly string[], notice: Notice): boolean {
  return kindOf(notice) !== "region" || faulted.some((region) => notice.subject === `region:${region}`);
}

/** A fault that no vantage met proves nothing. */
function faultReasons(plan: DrillPlan, { opinions }: Sights, { fault, faultUntil }: Moments): readonly Reason[] {
  if (fault === null || !plan.faults.some((wish) => effectOf(wish).cause !== null)) return [];
  const met = between(opinions, fault.earliest, faultUntil).some(
    ({ region, state }) => state === "down" && plan.faulted.includes(region),
  );
  return met ? [] : [{ weight: "leaves open", text: "no vantage met the fault: did the lever act?" }];
}
