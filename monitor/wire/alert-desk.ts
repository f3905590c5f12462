// Delivers what people are to be told, after the round that says so is stored: each channel in its order, within a bound of time
// and of messages a round, and never twice at once. The same for the Worker's coordinator and for a monitor in Node.
import type { ChannelStanding, OutboxEntry } from "../model/alert.ts";
import { alertBody, noticeType } from "../report/alert-body.ts";
import { periodMarkdown } from "../report/period-report-markdown.ts";
import type { PeriodReport } from "../report/period-report-schema.ts";
import { entryOf, toldChannels } from "../run/alert-step.ts";
import { type Attempt, attemptOf, BACKOFF_MAX_MS, backoffMs, spentReason } from "../run/delivery.ts";
import type { Clock, Sender } from "../run/world.ts";
import { DAY_MS, HOUR_MS, type Instant, toIso } from "../time.ts";
import { DELIVERY_MS_MAX, HEARTBEAT_MS_MAX } from "../topology/cost.ts";
import type { AlertChannel, ToldChannel, Topology } from "../topology/topology.ts";
import { signedHeaders } from "./signature.ts";
import type { AuditShelf } from "./sql-audit.ts";
import {
  type ChannelRecord,
  type DeadLetter,
  makeOutboxShelf,
  NEW_CHANNEL,
  ORPHANED,
  type OutboxShelf,
  type Waiting,
  type WaitingEntry,
} from "./sql-outbox.ts";
import type { Sql } from "./sql-store.ts";

/** To one channel in one pass: with eight channels and 32 vantages the free plan's 50 subrequests are not reached but for a flood. */
const SENDS_MAX = 2;

export interface OutboxReport {
  readonly channels: readonly ChannelStanding[];
  /** In the order in which they will be sent. */
  readonly waiting: readonly WaitingEntry[];
  /** The latest first. */
  readonly dead: readonly DeadLetter[];
}

export interface Message {
  readonly channel: ToldChannel;
  readonly entry: OutboxEntry;
  readonly watched: Pick<Topology, "service" | "local">;
  readonly deadlineMs: number;
}

/** One attempt. */
export async function sendAlert(message: Message, sender: Sender, clock: Clock): Promise<Attempt> {
  const { channel, entry, watched, deadlineMs } = message;
  const at = clock.now();
  const body = alertBody(channel, entry, watched, at);
  const signed = await signedHeaders(entry.key, body, channel.kind === "webhook" ? channel.secret : null, at);
  const headers = { "content-type": "application/json", ...signed };
  const reply = await sender.send({ method: "POST", url: channel.url, headers, body, deadlineMs });
  return attemptOf(reply, clock.now());
}

/** What happened to a message, without any address. */
export interface DeliveryLine {
  readonly level: "note" | "warn";
  readonly text: string;
}

export class AlertDesk {
  readonly #sql: Sql;
  readonly #audit: AuditShelf;
  readonly #sender: Sender;
  readonly #clock: Clock;
  readonly #shelf: OutboxShelf;
  #records: Readonly<Record<string, ChannelRecord>>;
  #pass: Promise<readonly DeliveryLine[]> | null = null;
  #tidiedFor: readonly AlertChannel[] | null = null;
  /** What waited when `newest` was the newest message; null: it has changed. Rows that are read are billed, in every round and face. */
  #seen: { readonly newest: number; readonly waiting: Waiting } | null = null;
  /** When what the heartbeat counted was stored last. */
  #beatKeptAt: Instant = -Infinity;

  constructor(sql: Sql, audit: AuditShelf, sender: Sender, clock: Clock) {
    this.#sql = sql;
    this.#audit = audit;
    this.#sender = sender;
    this.#clock = clock;
    this.#shelf = makeOutboxShelf(sql);
    this.#records = this.#shelf.readRecords();
  }

  /** After a round; rejects where the storage cannot be used. One pass at a time, told to whoever began it. Only a round that is stored is a sign of life. */
  async deliver(topology: Topology, round: "stored" | "lost" = "stored"): Promise<readonly DeliveryLine[]> {
    if (this.#pass !== null) {
      await this.#pass;
      return [];
    }
    this.#pass = this.#deliverAll(topology, round).finally(() => (this.#pass = null));
    return this.#pass;
  }

  async #deliverAll(topology: Topology, round: "stored" | "lost"): Promise<readonly DeliveryLine[]> {
    this.#tidy(topology.alerts);
    const deadlineMs = this.#clock.monotonicMs() + DELIVERY_MS_MAX;
    const passes = topology.alerts.map(async (channel) => {
      if (channel.kind !== "heartbeat") return this.#deliverTo(channel, topology, deadlineMs);
      return round === "stored" ? this.#beat(channel) : [];
    });
    // The pass is over when all of it is: one that throws must not let the next pass begin beside the others.
    const settled = await Promise.allSettled(passes);
    return settled.flatMap((one) => {
      if (one.status === "rejected") throw one.reason;
      return one.value;
    });
  }

  /** What was meant for a channel that is no more is gone with it. */
  #tidy(channels: readonly AlertChannel[]): void {
    if (this.#tidiedFor === channels) return;
    const names = new Set(channels.map(({ name }) => name));
    const known = [...Object.keys(this.#records), ...Object.keys(this.#shelf.waiting())];
    const gone = [...new Set(known)].filter((name) => !names.has(name));
    if (gone.length > 0) this.#sql.transaction(() => this.#shelf.forget(gone));
    this.#seen = null;
    this.#records = this.#shelf.readRecords();
    this.#tidiedFor = channels;
  }

  async #deliverTo(channel: ToldChannel, topology: Topology, deadlineMs: number): Promise<readonly DeliveryLine[]> {
    const lines: DeliveryLine[] = [];
    for (let sent = 0; sent < SENDS_MAX; sent += 1) {
      const now = this.#clock.now();
      if (!isDue(this.#record(channel.name), now) || this.#waiting()[channel.name] === undefined) break;
      const entry = this.#shelf.next(channel.name);
      if (entry === null) break;
      const spent = this.#shelf.isOrphan(entry) ? ORPHANED : spentReason(entry.attempts, entry.at, now);
      const attempt: Attempt =
        spent === null
          ? await sendAlert({ channel, entry, watched: topology, deadlineMs }, this.#sender, this.#clock)
          : { kind: "refused", detail: spent };
      this.#settle(channel, entry, attempt);
      lines.push(lineOf(channel.name, entry, attempt));
    }
    return lines;
  }

  #settle({ name }: ToldChannel, entry: WaitingEntry, attempt: Attempt): void {
    const now = this.#clock.now();
    const record = this.#record(name);
    this.#sql.transaction(() => {
      const next = this.#afterAttempt(record, entry, attempt, now);
      this.#keep(name, next);
    });
    this.#seen = null;
  }

  #afterAttempt(record: ChannelRecord, entry: WaitingEntry, attempt: Attempt, now: Instant): ChannelRecord {
    switch (attempt.kind) {
      case "delivered":
        this.#shelf.remove(entry.id);
        return { ...record, failures: 0, detail: null, lastDeliveredAt: now, delivered: record.delivered + 1 };
      case "refused": {
        const { detail } = attempt;
        const dead = this.#shelf.bury(entry, detail, now);
        return { ...record, detail, failed: record.failed + 1, dead: record.dead + dead, deadAt: now };
      }
      case "failed": {
        const { detail, waitMs } = attempt;
        this.#shelf.retryLater(entry.id);
        const failures = record.failures + 1;
        const dueAt = now + backoffMs(failures, waitMs, `${entry.channel} ${entry.key} ${entry.attempts}`);
        return { ...record, failures, detail, dueAt, failed: record.failed + 1 };
      }
    }
  }

  /** The next round calls again, so nothing is kept of one that failed; what is counted is stored with the next failure, and else hourly. */
  async #beat({ name, url }: Extract<AlertChannel, { kind: "heartbeat" }>): Promise<readonly DeliveryLine[]> {
    const deadlineMs = this.#clock.monotonicMs() + HEARTBEAT_MS_MAX;
    const reply = await this.#sender.send({ method: "GET", url, headers: {}, body: null, deadlineMs });
    const now = this.#clock.now();
    const attempt = attemptOf(reply, now);
    const record = this.#record(name);
    if (attempt.kind === "delivered") {
      const next = { ...record, failures: 0, detail: null, lastDeliveredAt: now, delivered: record.delivered + 1 };
      const stale = Math.abs(now - this.#beatKeptAt) >= HOUR_MS || record.failures > 0;
      if (stale) {
        this.#sql.transaction(() => this.#keep(name, next));
        this.#beatKeptAt = now;
      } else this.#records = { ...this.#records, [name]: next };
      return record.failures > 0 ? [{ level: "note", text: `heartbeat ${name} is answered again` }] : [];
    }
    const { detail } = attempt;
    const next = { ...record, failures: record.failures + 1, detail, failed: record.failed + 1 };
    if (record.failures > 0) {
      this.#records = { ...this.#records, [name]: next };
      return [];
    }
    this.#sql.transaction(() => this.#keep(name, next));
    return [{ level: "warn", text: `heartbeat ${name} failed: ${detail}` }];
  }

  #record(name: string): ChannelRecord {
    return this.#records[name] ?? NEW_CHANNEL;
  }

  #keep(name: string, record: ChannelRecord): void {
    this.#shelf.keepRecord(name, record);
    this.#records = { ...this.#records, [name]: record };
  }

  #waiting(): Waiting {
    const newest = this.#shelf.newest();
    if (this.#seen?.newest !== newest) this.#seen = { newest, waiting: this.#shelf.waiting() };
    return this.#seen.waiting;
  }

  /** In the order of the topology. */
  standing({ alerts }: Topology): readonly ChannelStanding[] {
    const waiting = this.#waiting();
    return alerts.map(({ name, kind }) => {
      const { failures, lastDeliveredAt, detail, delivered, failed, dead, deadAt } = this.#record(name);
      const { count = 0, since = null } = waiting[name] ?? {};
      const counted = { delivered, failed, dead, deadAt };
      return { name, kind, lastDeliveredAt, failures, detail, waiting: count, waitingSince: since, ...counted };
    });
  }

  read(topology: Topology): OutboxReport {
    return {
      channels: this.standing(topology),
      waiting: this.#shelf.readWaiting(),
      dead: this.#shelf.readDead(),
    };
  }

  /** False: there is no such channel that is told of anything. */
  test(topology: Topology, name: string, at: Instant): boolean {
    if (!toldChannels(topology).some((channel) => channel.name === name)) return false;
    this.#sql.transaction(() => {
      this.#shelf.add([entryOf(topology, name, { kind: "test" }, at)]);
      this.#audit.note("alert.test", name, "a test message", at);
    });
    return true;
  }

  /** Dead letters wait again, and no channel waits any longer. Gives how many. */
  retry(topology: Topology, at: Instant): number {
    this.#seen = null;
    return this.#sql.transaction(() => {
      const revived = this.#shelf.revive(at);
      for (const { name } of topology.alerts) this.#keep(name, { ...this.#record(name), dueAt: 0, deadAt: null });
      this.#audit.note("alert.retry", "outbox", `${revived} dead letters`, at);
      return revived;
    });
  }

  /** The report of the day before `slot` goes to whoever asks for reports, once; older ones are no news. */
  offerReport(topology: Topology, slot: Instant, read: (day: string) => PeriodReport | null, at: Instant): void {
    const day = toIso(slot - DAY_MS).slice(0, 10);
    const asking = toldChannels(topology).filter(
      ({ name, on }) => on.includes("report") && (this.#record(name).reportDay ?? "") < day,
    );
    const report = asking.length === 0 ? null : read(day);
    if (report === null) return;
    const markdown = periodMarkdown(report).slice(0, REPORT_CHARACTERS_MAX);
    this.#sql.transaction(() => {
      for (const { name } of asking) {
        this.#shelf.add([entryOf(topology, name, { kind: "report", day, markdown }, at)]);
        this.#keep(name, { ...this.#record(name), reportDay: day });
      }
    });
  }
}

/** A report of hundreds of regions is read elsewhere. */
const REPORT_CHARACTERS_MAX = 200_000;

/** A clock that was set back must not silence a channel for as long. */
function isDue({ dueAt }: ChannelRecord, now: Instant): boolean {
  return dueAt <= now || dueAt - now > 2 * BACKOFF_MAX_MS;
}

function lineOf(channel: string, { notice, alarm }: OutboxEntry, attempt: Attempt): DeliveryLine {
  const what = `alert ${channel}: ${noticeType(notice)}${alarm === null ? "" : ` of ${alarm}`}`;
  return attempt.kind === "delivered"
    ? { level: "note", text: `${what} delivered` }
    : { level: "warn", text: `${what} ${attempt.kind}: ${attempt.detail}` };
}
