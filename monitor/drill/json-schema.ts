// The schema of a drill's file once more for editors: completion, descriptions and red lines while it is being written.
import { editorSchema, type Json } from "../topology/editor-schema.ts";
import { SCRIPT } from "./script-schema.ts";

export const DESCRIPTIONS: Readonly<Record<string, string>> = {
  schemaVersion: "1.",
  id: "The drill's name on the command line; the file is called <id>.yaml.",
  title: "What happens, in a few words.",
  description: "What it shows, for the person who is about to run it.",
  faults: "What is broken, in this order; undone in reverse.",
  "faults.local": "In the local world, and in every simulation.",
  "faults.real": "In a real topology. Empty: the drill is for the local world alone.",
  "faults.local.lever": "What breaks it.",
  "faults.real.lever": "What breaks it.",
  "faults.local.region": "primary, secondary, or the id of a region.",
  "faults.real.region": "primary, secondary, or the id of a region.",
  "faults.local.onlyFrom": "Ids of the vantages that meet the fault. Empty: everybody does.",
  "faults.local.flap": "On and off in turn, counted in looks of the health check.",
  "faults.real.httpStatus": "What health looks are answered.",
  "faults.real.percent": "How many of the health looks.",
  expect: "What must come of it.",
  "expect.answers": "Where DNS answers go: move (away from the fault), stay, either (no promise).",
  "expect.users":
    "recover: served again before the repair; never-lost: not a request is lost; lost: nobody helps them.",
  "expect.notices": "What the monitor must call deviating while the fault stands; of what is not here it must not.",
  steadyState: "Before the fault.",
  "steadyState.windowSeconds": "For how long everything must have been healthy.",
  faultSeconds: "How long the fault stands. policy: until the last deadline has passed, and three rounds more.",
  afterSeconds: "How long is looked on after the repair. policy: as faultSeconds.",
  expirySeconds:
    "After this everything is undone, whatever happens; longer than faultSeconds. policy: a minute longer.",
  bounds: "The most that may be measured. policy: what the topology's own deadlines allow.",
  "bounds.detectionSeconds": "Fault to unhealthy, as users see it.",
  "bounds.failoverSeconds": "Fault to moved answers at the name servers, from the slowest place.",
  "bounds.recoverySeconds": "Fault to users served again, from the slowest place.",
  "bounds.failbackSeconds": "Repair to answers as before at the name servers, from the slowest place.",
  "bounds.gapSeconds": "Longest time without service in any one place.",
  "bounds.lostShareMax": "Lost requests among those tried while the fault stood, 0 to 1.",
  abortWhen: "What ends the drill early, and undoes it.",
  "abortWhen.when":
    "bystander-unhealthy: a region that the drill leaves alone; lost-share-over: too many lost requests; monitor-silent: nobody watches any more.",
  blockedWindows: "When the drill may not start, in UTC.",
  "blockedWindows.toUtc": "Not after fromUtc: on the next day.",
  approvals: "Who must have said yes: each is named when the drill is started.",
};

/** JSON Schema, draft 2020-12, of what a file may say before defaults are put in; the same in every run. */
export function drillJsonSchema(): Json {
  return editorSchema(SCRIPT, { title: "Drill of multicloud-probe", descriptions: DESCRIPTIONS, texts: "are plain" });
}
