// The desks beside a monitor's rounds, and the state between those: what its rounds, its faces and its bearers share.
import type { MonitorState } from "../model/state.ts";
import type { Parsed } from "../problem.ts";
import type { Trouble } from "../report/self.ts";
import { EMPTY_STATE, parseState } from "../run/state.ts";
import type { Clock, Sender, Store } from "../run/world.ts";
import type { Instant } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import { AlertDesk } from "./alert-desk.ts";
import type { CheckerDesk } from "./checker-desk.ts";
import { DrillDesk } from "./drill-desk.ts";
import { MaintenanceDesk } from "./maintenance-desk.ts";
import { MeterDesk } from "./meter-desk.ts";
import { MuteDesk } from "./mute-desk.ts";
import { ObservationDesk } from "./observation-desk.ts";
import { PastDesk } from "./past-desk.ts";
import { ReportDesk } from "./report-desk.ts";
import { RouterDesk } from "./router-desk.ts";
import { type AuditShelf, makeAuditShelf } from "./sql-audit.ts";
import type { Sql } from "./sql-store.ts";

export interface KeeperParts {
  readonly clock: Clock;
  readonly store: Store;
  /** The same storage, for what stands beside the rounds. */
  readonly sql: Sql;
  /** Null: Route 53 is not asked what its checkers see. */
  readonly checkers: CheckerDesk | null;
  /** Tells people. */
  readonly sender: Sender;
  readonly log: KeeperLog;
}

/** Lines for whoever runs the monitor; they may hold what the public faces must not. */
export interface KeeperLog {
  readonly note: (line: string) => void;
  readonly warn: (line: string) => void;
}

export interface KeeperDesks {
  readonly clock: Clock;
  readonly log: KeeperLog;
  readonly store: Store;
  readonly kept: KeptState;
  readonly reports: ReportDesk;
  readonly audit: AuditShelf;
  readonly drills: DrillDesk;
  readonly maintenance: MaintenanceDesk;
  readonly mutes: MuteDesk;
  readonly past: PastDesk;
  readonly router: RouterDesk;
  readonly meters: MeterDesk;
  readonly alerts: AlertDesk;
  readonly observations: ObservationDesk;
  readonly checkers: CheckerDesk | null;
  readonly startedAt: Instant;
}

/** Throws where the storage cannot be used. */
export function openDesks({ clock, store, sql, checkers, sender, log }: KeeperParts): KeeperDesks {
  const audit = makeAuditShelf(sql);
  return {
    clock,
    log,
    store,
    kept: new KeptState(store, log),
    reports: new ReportDesk(store, sql),
    audit,
    drills: new DrillDesk(sql, audit),
    maintenance: new MaintenanceDesk(sql, audit),
    mutes: new MuteDesk(sql, audit),
    past: new PastDesk(sql),
    router: new RouterDesk(sql, audit),
    meters: new MeterDesk(sql, log.warn),
    alerts: new AlertDesk(sql, audit, sender, clock),
    observations: new ObservationDesk(sql, clock),
    checkers,
    startedAt: clock.now(),
  };
}

/** The state that the latest round left, and what went wrong with that round; rounds alone change it. */
export class KeptState {
  readonly #store: Store;
  readonly #log: KeeperLog;
  #state: MonitorState | null = null;
  #trouble: Trouble = { storage: null, round: null };

  constructor(store: Store, log: KeeperLog) {
    this.#store = store;
    this.#log = log;
  }

  get trouble(): Trouble {
    return this.#trouble;
  }

  /** Null: the next reader reads what is stored. */
  get held(): MonitorState | null {
    return this.#state;
  }

  keep(state: MonitorState | null): void {
    this.#state = state;
  }

  /** A line when it begins and one when it is over: the reason may be worded anew with every round. */
  noteStorage(trouble: string | null): void {
    const before = this.#trouble.storage;
    this.#trouble = { ...this.#trouble, storage: trouble };
    if (trouble !== null && before === null) this.#log.warn(`the round was not stored: ${trouble}`);
    if (trouble === null && before !== null) this.#log.warn("rounds are stored again");
  }

  noteRound(trouble: string | null): void {
    this.#trouble = { ...this.#trouble, round: trouble };
  }

  async read(): Promise<MonitorState> {
    if (this.#state !== null) return this.#state;
    const read = await this.#store.readState();
    // Judging from nothing would overwrite what is there: better to lose a slot.
    if (read.kind === "failed") throw new Error(`the stored state cannot be read: ${read.detail}`);
    this.#state = read.value === null ? EMPTY_STATE : this.#believe(parseState(read.value));
    return this.#state;
  }

  /** A state that cannot be read is given up, loudly: watching on is worth more than remembering. */
  #believe(parsed: Parsed<MonitorState>): MonitorState {
    if (parsed.ok) return parsed.value;
    const [first] = parsed.problems;
    this.#log.warn(`stored state given up: ${first?.path ?? ""} ${first?.message ?? ""}`);
    return EMPTY_STATE;
  }
}

/** The desks know best which drill is in force, what maintenance and which mutes were ordered, and how the router stands; the state only carries it through the round. */
export function standingState(
  desks: KeeperDesks,
  { drill: _drill, router: _router, channels: _channels, ...state }: MonitorState,
  topology: Topology,
  at: Instant,
): MonitorState {
  const drill = desks.drills.inForce(at);
  const maintenance = desks.maintenance.standing(at);
  const router = desks.router.standing(topology, maintenance, at);
  const channels = topology.alerts.length === 0 ? {} : { channels: desks.alerts.standing(topology) };
  return {
    ...state,
    maintenance,
    mutes: desks.mutes.standing(at),
    ...(drill === null ? {} : { drill }),
    ...(router === null ? {} : { router }),
    ...channels,
  };
}
