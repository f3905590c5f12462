// What is told while a drill runs: a line for everything that changed, with the time since its start; places that changed in
// the same way share it. Looks that saw nothing new are in the record and not here.
import type { DrillEvent, DrillStage } from "../drill/record.ts";
import type { DrillPlan } from "../drill/script.ts";
import { unreachable } from "../problem.ts";
import { formatDuration, type Instant, SECOND_MS } from "../time.ts";

export type Progress = (event: DrillEvent) => void;

/** Places are looked at one after the other: their changes are waited for so much longer than one turn takes. */
const GATHER_EXTRA_MS = 100;

export function makeProgress(plan: DrillPlan, startedAt: Instant, say: (line: string) => void): Progress {
  const changed = makeNews();
  const gathered = new Map<string, { readonly places: string[]; readonly at: Instant; timer: NodeJS.Timeout }>();
  const gatherMs = Math.max(plan.cadence.dnsMs, plan.cadence.requestMs) + GATHER_EXTRA_MS;
  const stamp = (at: Instant, text: string): void => say(`${elapsed(at - startedAt)}  ${text}`);
  /** `text` holds "%" where the places go. */
  const gather = (place: string, text: string, at: Instant): void => {
    const held = gathered.get(text);
    if (held !== undefined) return void held.places.push(place);
    const places = [place];
    const tell = (): void => {
      gathered.delete(text);
      stamp(at, text.replace("%", placesText(plan, places)));
    };
    gathered.set(text, { places, at, timer: setTimeout(tell, gatherMs) });
  };
  return (event) => {
    switch (event.kind) {
      case "stage":
        return stamp(event.at, stageText(plan, event.stage));
      case "lever":
        return event.action === "applying" || event.action === "restoring"
          ? undefined
          : stamp(event.at, leverText(event));
      case "health": {
        const whose = event.view === "users" ? "for users" : "by Route 53's rules";
        if (!changed(`health ${event.region} ${event.view}`, event.health, event.at)) return undefined;
        return stamp(event.at, `${event.region} is ${event.health} ${whose}`);
      }
      case "dns": {
        const answer = event.answer.length === 0 ? "no answer" : namesOf(plan, event.answer);
        const view = event.view === "authoritative" ? "the name servers lead" : "resolvers lead";
        if (!changed(`dns ${event.vantage} ${event.view}`, answer, event.at)) return undefined;
        return gather(event.vantage, `${view} % to ${answer}`, event.at);
      }
      case "request": {
        const how = event.via === "router" ? " through the router" : "";
        const text = event.served === null ? `users % are lost${how}` : `users % are served by ${event.served}${how}`;
        // By when it was sent: one that hung ends behind others that were served.
        const sentAt = event.at - (event.totalMs ?? 0);
        if (!changed(`request ${event.vantage} ${event.via}`, text, sentAt)) return undefined;
        return gather(event.vantage, event.served === null ? `${text}: ${event.cause ?? ""}` : text, event.at);
      }
      case "incident":
        return stamp(event.at, `incident ${event.change}: ${event.subject}${event.causedByDrill ? " (planned)" : ""}`);
      case "abort":
        return stamp(event.at, `ABORTED: ${event.reason}`);
      case "note":
        return stamp(event.at, event.text);
      case "opinion":
      case "verdict":
        return undefined;
      default:
        return unreachable(event);
    }
  };
}

/** Whether something is another than before. A slow answer may come in after one that was asked for later: that is no news. */
function makeNews(): (key: string, value: string, at: Instant) => boolean {
  const known = new Map<string, { readonly value: string; readonly at: Instant }>();
  return (key, value, at) => {
    const before = known.get(key);
    if (before !== undefined && at < before.at) return false;
    known.set(key, { value, at });
    return before?.value !== value;
  };
}

function stageText(plan: DrillPlan, stage: DrillStage): string {
  switch (stage) {
    case "steady":
      return `STEADY  watching for ${formatDuration(plan.steadyWindowMs)}`;
    case "fault":
      return `FAULT  for ${formatDuration(plan.faultMs)}; Ctrl-C puts everything back`;
    case "repair":
      return `REPAIR  and watching for ${formatDuration(plan.afterMs)} at most`;
    case "over":
      return "OVER";
    default:
      return unreachable(stage);
  }
}

function leverText({ target, action, detail }: Extract<DrillEvent, { readonly kind: "lever" }>): string {
  return `${target}: ${action}${detail === "" ? "" : `: ${detail}`}`;
}

/** Regions by their ids, where the addresses are theirs. */
function namesOf({ regions }: DrillPlan, answer: readonly string[]): string {
  const names = answer.map((address) => regions.find((region) => region.addresses.includes(address))?.id ?? address);
  return [...new Set(names)].join(", ");
}

function placesText({ vantages }: DrillPlan, places: readonly string[]): string {
  return places.length === vantages.length
    ? "everywhere"
    : `in ${vantages.filter((id) => places.includes(id)).join(", ")}`;
}

/** "  12.3 s", wide enough for a drill of hours. */
function elapsed(ms: number): string {
  return `${(Math.max(0, ms) / SECOND_MS).toFixed(1).padStart(7)} s`;
}
