// The nouns of telling people: what is one alarm, what a channel was told and is to be told, and how that went.
import type { Instant } from "../time.ts";

/** How far an alarm reaches: the whole service, its DNS, regions that failed together, or something of its own. */
export type AlarmScope = "global" | "dns" | "regions" | "drill" | "burn-page" | "burn-ticket" | "blind" | "other";

/** Incidents with one cause, as people are told of them: of the first one, and what else there is stands beside it. */
export interface Alarm {
  /** Of the incident that it began with. */
  readonly id: string;
  readonly scope: AlarmScope;
  readonly subject: string;
  readonly reason: string;
  /** Ids of regions, where the scope is regions. */
  readonly regions: readonly string[];
  readonly openedAt: Instant;
  /** Ids of its incidents that are open. */
  readonly incidents: readonly string[];
  /** Since when none of them is; null: one is. */
  readonly quietSince: Instant | null;
  /** By channel: when it was told last; null: it had been told too much, and learns of it with others. Absent: not told. */
  readonly told: Readonly<Record<string, Instant | null>>;
  /** All that is open of it is muted; absent: something is not, or nothing is open. */
  readonly hushed?: true;
}

/** What is remembered of a channel, so that it is not told too much. */
export interface ChannelPace {
  /** Messages of the last hour, the oldest first. */
  readonly sentAt: readonly Instant[];
  /** What it was not told since `withheldSince`. */
  readonly withheld: number;
  readonly withheldSince: Instant | null;
}

/** What people were told, and are to be told. */
export interface AlertBook {
  /** The oldest first. */
  readonly alarms: readonly Alarm[];
  /** Rounds in a row in which nobody could look, and the incident that this is. */
  readonly blind: { readonly rounds: number; readonly incident: ToldIncident | null };
  /** Budgets that burn too fast; absent: none is. */
  readonly burns?: readonly Burn[];
  /** By channel. */
  readonly pace: Readonly<Record<string, ChannelPace>>;
}

/** An error budget that burns too fast, of which somebody wishes to be told. */
export interface Burn extends ToldIncident {
  /** The long windows of the rules that hold it open. */
  readonly windows: readonly string[];
}

/** A span in which nobody is told of some subjects: they are judged and shown as always, and shown as muted. */
export interface Mute {
  readonly id: string;
  /** Subjects, or with a final `*` how they begin; a region's covers what it claims and what the router sees of it. */
  readonly subjects: readonly string[];
  readonly from: Instant;
  /** No part of it. */
  readonly until: Instant;
  readonly reason: string;
  /** Who ordered it, in their own words; null: not said. */
  readonly by: string | null;
}

/** One incident as a message tells it. */
export interface ToldIncident {
  readonly id: string;
  readonly subject: string;
  readonly reason: string;
  readonly openedAt: Instant;
}

/** What a channel is told; how it is written depends on the channel's kind. */
export type Notice =
  | {
      readonly kind: "incident";
      readonly event: "opened" | "closed" | "reminder";
      /** Of the alarm, and so of the incident that it began with. */
      readonly id: string;
      readonly scope: AlarmScope;
      readonly subject: string;
      readonly reason: string;
      readonly openedAt: Instant;
      readonly closedAt: Instant | null;
      /** What else is open with the same cause, the oldest first, and how many more there are. */
      readonly attached: readonly ToldIncident[];
      readonly more: number;
    }
  | {
      readonly kind: "digest";
      readonly since: Instant;
      /** Messages that were not sent. */
      readonly withheld: number;
      readonly open: readonly ToldIncident[];
      readonly more: number;
    }
  | { readonly kind: "report"; readonly day: string; readonly markdown: string }
  | { readonly kind: "test" };

/** A notice on its way to one channel. */
export interface OutboxEntry {
  /** The same for every attempt, and for nothing else. */
  readonly key: string;
  readonly channel: string;
  /** Whose messages must come in their order; null: it stands alone. */
  readonly alarm: string | null;
  readonly at: Instant;
  readonly notice: Notice;
}

/** How a channel has done: kept beside the rounds, and carried through them by the state. */
export interface ChannelStanding {
  readonly name: string;
  readonly kind: "webhook" | "slack" | "pagerduty" | "heartbeat";
  readonly lastDeliveredAt: Instant | null;
  /** Failed attempts in a row; 0: it takes what it is sent. */
  readonly failures: number;
  /** Why the latest attempt failed, without its address; null: it did not. */
  readonly detail: string | null;
  /** Messages that wait, and since when the oldest of them does. */
  readonly waiting: number;
  readonly waitingSince: Instant | null;
  /** Messages and attempts, since the channel is known here. */
  readonly delivered: number;
  readonly failed: number;
  /** Messages that were given up, and when the latest one was. */
  readonly dead: number;
  readonly deadAt: Instant | null;
}
