// Does what one round hands to the next fit into the one value in which it is kept? It grows with regions × vantages, and a
// Durable Object refuses a longer value when it is too late: every round would be lost from the first bad hour on.
import type { Draft } from "./draft.ts";
import { objectiveBytes } from "./objective-size.ts";
import type { Topology } from "./topology.ts";
import type { Breach } from "./wording.ts";

/** "Maximum string, BLOB or table row size: 2 MB" (Cloudflare, Durable Objects limits, SQLite-backed, 2026). */
export const STATE_BYTES_MAX = 2_000_000;

// Each for the worst moment: everything fails with as many words as are kept (measured: test/monitor/topology/state-size.test.ts).
const BASE_BYTES = 2000;
/** A look without its claim, and what a vantage holds of a region. */
const CELL_BYTES = 850;
/** `CLAIM_BYTES_MAX` of `verify/claim.ts`. */
const CLAIM_BYTES = 512;
/** Its verdicts on health and claim (`PROBLEMS_BYTES_MAX`), both excused by maintenance of a long id, and when its health changed. */
const REGION_BYTES = 1250;
/** What one server answered, without its addresses. */
const WATCH_BYTES = 720;
/** The verdict on one subject of DNS. */
const SUBJECT_BYTES = 400;
/** `CLOSED_MAX` and `REASON_MAX` of `incident/book.ts`. */
const CLOSED_INCIDENTS = 200;
const INCIDENT_BYTES = 650;
/** `SAMPLES_MAX` of `verify/timing.ts`, and what each measured. */
const SAMPLES = 60;
const SAMPLE_BYTES = 190;
/** The latest answer of one vantage, view and type, without its addresses; the latest change of one region. */
const ANSWER_BYTES = 70;
const CHANGE_BYTES = 130;
/** Addresses of an answer that belongs to nobody: enough for an alias target outside the zone. */
const ADDRESSES_KEPT_MIN = 8;
/** "255.255.255.255" and eight groups of four, each with quotes and a comma. */
const ADDRESS_BYTES = { four: 18, six: 42 };
/** Where the zone's name servers are looked up, as many as Route 53 gives. */
const NAME_SERVERS_FOUND = 4;

/** A private vantage may meet as many as have their turns (`TURNS_MAX` of `run/judge.ts`), and says itself how they are called. */
const NAME_SERVERS_TOLD = 16;
const SERVER_NAME_BYTES = 2 * 253;
/** `slot` of what it sent last. */
const SENT_BYTES = 25;

/** Of what people were told: an alarm beside its subject and reason, an incident that it holds beside its subject, and a channel. */
const ALARM_BYTES = 700;
const HELD_BYTES = 30;
const TOLD_BYTES = 90;
/** A budget that burns, as a page and as a ticket, beside its name. */
const BURN_BYTES = 450;
const BURNS_AN_OBJECTIVE = 2;
/** `MESSAGES_MAX` of `run/alert-step.ts`, and how the channel has done. */
const CHANNEL_BYTES = 20 * 14 + 700;

/** `TURNS_MAX` and `NAMED_MAX` of `verify/trail.ts`: a turn beside the regions that it names, and a lane with its first turn. */
const TURNS = 200;
const TURN_BYTES = 34;
const TURN_NAMES = 3;
const LANE_BYTES = 41;

type Sized = Pick<Draft<Topology>, "service" | "regions" | "dns" | "probe" | "objectives" | "alerts">;

/** How many addresses of one answer are kept, where the zone has so many. */
export function keptAddresses(inZone: number): number {
  return Math.max(ADDRESSES_KEPT_MIN, inZone) + 1;
}

/** An upper bound, whatever services and name servers say; `vantages` instead of the topology's own number of them. */
export function stateBytes(topology: Sized, vantages = topology.probe?.vantages?.length ?? 0): number {
  const regions = topology.regions ?? [];
  const vantageId = Math.max(0, ...(topology.probe?.vantages ?? []).map((vantage) => vantage?.id?.length ?? 0));
  const host = topology.service?.host?.length ?? 0;
  const blamed = vantages * (vantageId + 2);
  const ofRegions = regions.map((region) => {
    const id = region?.id?.length ?? 0;
    return (
      vantages * (CELL_BYTES + CLAIM_BYTES + id + 3 * vantageId) + REGION_BYTES + CHANGE_BYTES + 5 * id + 2 * blamed
    );
  });
  const subject = host + vantageId;
  const incidents = CLOSED_INCIDENTS + 2 * regions.length + 4 * vantages;
  const addresses = regions.flatMap((region) => region?.endpoint?.addresses ?? []);
  const ofType = (sixth: boolean): number => {
    const own = new Set(addresses.filter((address) => address?.includes(":") === sixth)).size;
    return own === 0 ? 0 : keptAddresses(own) * ADDRESS_BYTES[sixth ? "six" : "four"];
  };
  const written = [ofType(false), ofType(true)];
  const own = (topology.probe?.vantages ?? []).filter((vantage) => vantage?.private === true).length;
  const ofDns = written.map((bytes) => vantages * watchBytes(topology, subject, bytes));
  const ofPrivate = written.map((bytes) => own * (SENT_BYTES + toldBytes(topology, subject, bytes)));
  const ids = Math.max(0, ...regions.map((region) => region?.id?.length ?? 0));
  const ofTiming = SAMPLES * (SAMPLE_BYTES + ids + vantageId);
  const ofObjectives = objectiveBytes(topology, vantages);
  const ofIncidents = incidents * (INCIDENT_BYTES + 2 * subject);
  const ofAlerts = alertBytes(topology, subject, vantages);
  const ofTrail = TURNS * (TURN_BYTES + TURN_NAMES * (ids + 1)) + regions.length * (LANE_BYTES + ids);
  return (
    BASE_BYTES +
    sum(ofRegions) +
    sum(ofDns) +
    sum(ofPrivate) +
    ofTiming +
    ofTrail +
    ofObjectives +
    ofIncidents +
    ofAlerts
  );
}

/** An alarm holds one region at least, or DNS, or all; every open incident is in one of them. */
function alertBytes({ alerts = [], regions = [], objectives = [] }: Sized, subject: number, vantages: number): number {
  if (alerts.length === 0) return 0;
  const ids = Math.max(0, ...regions.map((region) => region?.id?.length ?? 0));
  const alarms = (regions.length + 4) * (ALARM_BYTES + 2 * subject + ids + alerts.length * TOLD_BYTES);
  const held = (3 * regions.length + 4 * vantages + 4) * (HELD_BYTES + subject + ids);
  const names = Math.max(0, ...objectives.map((one) => one?.name?.length ?? 0));
  const burn = BURN_BYTES + 3 * names + ALARM_BYTES + 4 * names + alerts.length * TOLD_BYTES + HELD_BYTES + names;
  return alarms + held + objectives.length * BURNS_AN_OBJECTIVE * burn + alerts.length * CHANNEL_BYTES;
}

/** Of one vantage, for records of one type. An answer stands there as seen, as expected, and twice in words. */
function watchBytes({ dns }: Sized, subject: number, written: number): number {
  if (written === 0) return 0;
  const named = dns?.nameServers?.length ?? 0;
  const servers = (named === 0 ? NAME_SERVERS_FOUND : named) + (dns?.resolvers?.length ?? 0);
  const timed = 2 * (ANSWER_BYTES + subject + written);
  return servers * (WATCH_BYTES + 2 * subject + 4 * written) + 2 * (SUBJECT_BYTES + subject + 2 * written) + timed;
}

/** What a private vantage may tell beyond that. */
function toldBytes({ dns }: Sized, subject: number, written: number): number {
  if (written === 0 || (dns?.nameServers?.length ?? 0) > 0) return 0;
  return NAME_SERVERS_TOLD * (WATCH_BYTES + SERVER_NAME_BYTES + 2 * subject + 4 * written);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function stateBreaches(draft: Draft<Topology>): readonly Breach[] {
  if (stateBytes(draft) <= STATE_BYTES_MAX) return [];
  const all = draft.probe?.vantages?.length ?? 0;
  const fitting = Array.from({ length: all }, (_, count) => count).findLast(
    (count) => stateBytes(draft, count) <= STATE_BYTES_MAX,
  );
  const regions = draft.regions?.length ?? 0;
  const why = `because with ${regions} regions more may not fit into the ${STATE_BYTES_MAX / 1e6} MB that a Durable Object keeps in a value`;
  return fitting === undefined || fitting === 0
    ? [{ path: ["regions"], expected: `fewer regions or addresses, ${why}` }]
    : [
        {
          path: ["probe", "vantages"],
          expected: `at most ${fitting} ${fitting === 1 ? "vantage" : "vantages"}, ${why}`,
        },
      ];
}
