// What each channel is to be told after a round. It follows from what is open and from what was told, never from what has just
// changed: a round that could not be stored is made up for by the next one.
import { BLIND_SUBJECT, stepAlarms, worstOf } from "../incident/alarms.ts";
import { activeMutes, muteOf } from "../incident/mutes.ts";
import { fitsPattern } from "../incident/subject-pattern.ts";
import type { Alarm, AlertBook, ChannelPace, Mute, Notice, OutboxEntry, ToldIncident } from "../model/alert.ts";
import type { MonitorState } from "../model/state.ts";
import { stepBurns } from "../objective/burn.ts";
import { HOUR_MS, type Instant, MINUTE_MS, SECOND_MS, toIso } from "../time.ts";
import { textFingerprint } from "../topology/fingerprint.ts";
import { shortenStored } from "../topology/stored-text.ts";
import type { AlertEvent, ToldChannel, Topology } from "../topology/topology.ts";

export const NO_ALERTS: AlertBook = { alarms: [], blind: { rounds: 0, incident: null }, pace: {} };

/** Rounds in a row without any look until nobody is taken to look. */
export const BLIND_ROUNDS = 3;
/** Of openings and reminders, in an hour and to one channel; beyond it they come together, as a digest. */
export const MESSAGES_MAX = 20;
const DIGEST_MS = 10 * MINUTE_MS;
/** In one message. */
const ATTACHED_MAX = 20;
const REASON_BYTES_MAX = 300;
const NO_PACE: ChannelPace = { sentAt: [], withheld: 0, withheldSince: null };

export interface AlertStep {
  readonly book: AlertBook;
  /** In the order in which they must come, channel by channel. */
  readonly entries: readonly OutboxEntry[];
}

/** Channels that are told of incidents, in the order of the file. */
export function toldChannels({ alerts }: Pick<Topology, "alerts">): readonly ToldChannel[] {
  return alerts.filter((channel) => channel.kind !== "heartbeat");
}

/** `state` is what the round made, `mutes` what somebody ordered. */
export function stepAlerts(
  topology: Topology,
  before: AlertBook,
  state: Pick<MonitorState, "incidents" | "vantages" | "objectives">,
  at: Instant,
  mutes: readonly Mute[] = [],
): AlertStep {
  const blind = stepBlind(before.blind, state.vantages, at);
  const unplanned = state.incidents.open.filter(({ causedBy }) => causedBy === undefined);
  const burns = stepBurns(topology, state.objectives ?? {}, before.burns ?? [], at);
  const incidents = [...unplanned, ...burns, ...(blind.incident === null ? [] : [blind.incident])];
  const active = activeMutes(mutes, at);
  const audible = incidents.filter(({ subject }) => muteOf(active, subject) === null);
  const stepped = stepAlarms(before.alarms, incidents, state.incidents.closed, topology.regions.length, at);
  const named = stepped.open.map((alarm) => nameAudibly(alarm, audible));
  // While nobody looks, nobody knows whether it still lasts.
  const woken = new Set(
    named.filter(({ scope }) => blind.incident === null || scope === "blind").flatMap((alarm) => wakes(alarm, audible)),
  );
  const open = named.map((alarm) => hush(alarm, audible, woken));
  const { ended } = stepped;
  const rounds = toldChannels(topology).map((channel) =>
    tellChannel(channel, { open, ended, incidents, audible, woken }, before.pace[channel.name] ?? NO_PACE, at),
  );
  const alarms = open.map((alarm) => ({
    ...alarm,
    told: Object.fromEntries(
      rounds.flatMap(({ channel, told }) => {
        const when = told.has(alarm.id) ? told.get(alarm.id) : alarm.told[channel];
        return when === undefined ? [] : [[channel, when] as const];
      }),
    ),
  }));
  const pace = Object.fromEntries(rounds.map((round) => [round.channel, round.pace]));
  const entries = rounds.flatMap(({ channel, notices }) =>
    notices.map((notice) => entryOf(topology, channel, notice, at)),
  );
  return { book: { alarms, blind, ...(burns.length === 0 ? {} : { burns }), pace }, entries };
}

/** What nobody was told of yet is not told under the name of what is muted in it. */
function nameAudibly(alarm: Alarm, audible: readonly ToldIncident[]): Alarm {
  const own = audible.filter(({ id }) => alarm.incidents.includes(id));
  if (Object.keys(alarm.told).length > 0 || own.some(({ subject }) => subject === alarm.subject)) return alarm;
  const first = worstOf(own);
  return first === null ? alarm : { ...alarm, subject: first.subject, reason: first.reason };
}

/** The alarm's id where its mute is over. */
function wakes({ id, hushed, incidents }: Alarm, audible: readonly ToldIncident[]): readonly string[] {
  return hushed === true && audible.some((one) => incidents.includes(one.id)) ? [id] : [];
}

/** So that the end of its mute is seen. */
function hush({ hushed, ...alarm }: Alarm, audible: readonly ToldIncident[], woken: ReadonlySet<string>): Alarm {
  if (alarm.incidents.length === 0 || woken.has(alarm.id)) return alarm;
  const muted = hushed === true || !audible.some(({ id }) => alarm.incidents.includes(id));
  return muted ? { ...alarm, hushed: true } : alarm;
}

/** Nobody looks where every vantage is missed. */
function stepBlind(before: AlertBook["blind"], vantages: MonitorState["vantages"], at: Instant): AlertBook["blind"] {
  const all = Object.values(vantages);
  if (all.length === 0 || all.some(({ missed }) => missed === null)) return { rounds: 0, incident: null };
  const rounds = Math.min(before.rounds + 1, BLIND_ROUNDS);
  if (rounds < BLIND_ROUNDS || before.incident !== null) return { rounds, incident: before.incident };
  const subject = BLIND_SUBJECT;
  const reason = `no vantage could look in ${BLIND_ROUNDS} rounds in a row: nothing is known of any region`;
  return { rounds, incident: { id: `${toIso(at)} ${subject}`, subject, openedAt: at, reason } };
}

interface Alarms {
  readonly open: readonly Alarm[];
  readonly ended: readonly Alarm[];
  readonly incidents: readonly ToldIncident[];
  /** Of them, those that are not muted. */
  readonly audible: readonly ToldIncident[];
  /** Ids of alarms whose mute is over. */
  readonly woken: ReadonlySet<string>;
}

interface ChannelRound {
  readonly channel: string;
  readonly notices: readonly Notice[];
  /** What it now knows, by alarm. */
  readonly told: ReadonlyMap<string, Instant | null>;
  readonly pace: ChannelPace;
}

function tellChannel(channel: ToldChannel, alarms: Alarms, before: ChannelPace, at: Instant): ChannelRound {
  const { name } = channel;
  const told = new Map<string, Instant | null>();
  const notices: Notice[] = [];
  const sentAt = before.sentAt.filter((sent) => sent > at - HOUR_MS && sent <= at);
  let { withheld } = before;
  for (const alarm of alarms.ended) {
    const when = alarm.told[name];
    if (when === undefined || !hears(channel, alarm, "closed")) continue;
    // Whoever was told that it began is told that it is over, however much there is to tell, and also while it is muted.
    if (when === null) withheld += 1;
    else notices.push(noticeOf("closed", alarm, alarms.incidents, at));
  }
  for (const alarm of alarms.open) {
    const event = dueEvent(channel, alarm, alarms, at);
    if (event === null) continue;
    const heard = alarms.woken.has(alarm.id) ? "opened" : event;
    if (!hears(channel, alarm, heard)) told.set(alarm.id, at);
    else if (sentAt.length >= MESSAGES_MAX) {
      told.set(alarm.id, event === "reminder" ? at : null);
      withheld += 1;
    } else {
      told.set(alarm.id, at);
      sentAt.push(at);
      notices.push(noticeOf(event, alarm, alarms.incidents, at));
    }
  }
  const withheldSince = withheld === 0 ? null : (before.withheldSince ?? at);
  const digest = withheldSince !== null && at - withheldSince >= DIGEST_MS;
  const meant = alarms.audible.filter(({ subject }) => isMeant(channel, subject));
  if (digest) notices.push({ kind: "digest", since: withheldSince, withheld, ...listed(meant) });
  const pace = digest ? { ...NO_PACE, sentAt } : { sentAt, withheld, withheldSince };
  return { channel: name, told, pace, notices };
}

/** Null: nothing is due. Openings are due to all channels, so that each knows what it knows. */
function dueEvent(
  channel: ToldChannel,
  alarm: Alarm,
  { incidents, audible, woken }: Alarms,
  at: Instant,
): "opened" | "reminder" | null {
  const { name, minOpenSeconds, remindMinutes } = channel;
  const when = alarm.told[name];
  const own = audible.filter(({ id }) => alarm.incidents.includes(id));
  if (when === undefined) {
    const meant = own.some(({ subject }) => isMeant(channel, subject));
    return meant && at - alarm.openedAt >= minOpenSeconds * SECOND_MS ? "opened" : null;
  }
  if (own.length === 0) return null;
  // What still lasts when its mute ends is told then, also to whoever knew of it before and wants no reminders.
  if (woken.has(alarm.id)) return "reminder";
  if (remindMinutes === null) return null;
  // Whether it is still open, nobody knows while nobody looks.
  if (alarm.scope !== "blind" && incidents.some(({ subject }) => subject === BLIND_SUBJECT)) return null;
  return at - (when ?? alarm.openedAt) >= remindMinutes * MINUTE_MS ? "reminder" : null;
}

function hears({ on }: ToldChannel, { scope }: Alarm, event: AlertEvent): boolean {
  if (scope !== "blind") return on.includes(event);
  return on.includes("blind") && (event !== "reminder" || on.includes("reminder"));
}

function isMeant({ subjects }: ToldChannel, subject: string): boolean {
  // That nobody looks concerns every subject.
  return subject === BLIND_SUBJECT || subjects.some((pattern) => fitsPattern(pattern, subject));
}

function noticeOf(
  event: "opened" | "closed" | "reminder",
  alarm: Alarm,
  incidents: readonly ToldIncident[],
  at: Instant,
): Notice {
  const { id, scope, subject, reason, openedAt } = alarm;
  const others = incidents.filter((one) => one.subject !== subject && alarm.incidents.includes(one.id));
  const { open: attached, more } = listed(others);
  const closedAt = event === "closed" ? at : null;
  return { kind: "incident", event, id, scope, subject, reason, openedAt, closedAt, attached, more };
}

function listed(incidents: readonly ToldIncident[]): { readonly open: readonly ToldIncident[]; readonly more: number } {
  const open = incidents.slice(0, ATTACHED_MAX).map(({ id, subject, reason, openedAt }) => ({
    id,
    subject,
    reason: shortenStored(reason, REASON_BYTES_MAX),
    openedAt,
  }));
  return { open, more: incidents.length - open.length };
}

/**
 * Its key is the same whenever this round is made again from the same state, and no other message has it: one receiver may serve
 * several services, whose channels have the same name, and which fail in the same millisecond because they wait as long.
 */
export function entryOf(
  { service }: Pick<Topology, "service">,
  channel: string,
  notice: Notice,
  at: Instant,
): OutboxEntry {
  const [alarm, event] =
    notice.kind === "incident"
      ? [notice.id, notice.event === "reminder" ? `reminder ${at}` : notice.event]
      : [null, `${notice.kind} ${at}`];
  const key = `msg_${textFingerprint(`${service.host} ${channel} ${alarm ?? ""} ${event}`)}`;
  return { key, channel, alarm, at, notice };
}
