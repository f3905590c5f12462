// The Worker with its own coordinator, storage and calls between objects, but with vantages that make up what they see and
// with a clock that each round moves on by one interval: what is measured is us, and neither the network nor the waiting.
import { DurableObject } from "cloudflare:workers";
import type { DnsObservation, Observation, VantageReport } from "../../../monitor/model/observation.ts";
import type { DnsJob, ProbeJob, VantageJob } from "../../../monitor/run/plan.ts";
import { DAY_MS, HOUR_MS } from "../../../monitor/time.ts";
import worker, { Coordinator as RealCoordinator } from "../../../worker/index.ts";
import type { WorkerEnv } from "../../../worker/topology-text.ts";

export { EdgeDialer } from "../../../worker/index.ts";

export interface RoundsReport {
  /** Since the coordinator was made. */
  readonly rounds: number;
  readonly verdict: string;
  /** Of the latest round: what was stored, and how many rows that wrote. */
  readonly rowBytes: number;
  readonly stateBytes: number;
  readonly rowsWritten: number;
}

const INTERVAL_MS = 30_000;
const realNow = Date.now.bind(Date);
let aheadMs = 0;

/** An hour into tomorrow, so that no run crosses the end of a day, which has work of its own. */
function startClock(): void {
  if (aheadMs > 0) return;
  const now = realNow();
  aheadMs = DAY_MS - (now % DAY_MS) + HOUR_MS;
  Date.now = () => realNow() + aheadMs;
}

export class Coordinator extends RealCoordinator {
  async runRounds(count: number): Promise<RoundsReport> {
    for (let round = 1; round < count; round += 1) await this.#runNext();
    const cursors = await recordCursors(this.ctx.storage.sql, () => this.#runNext());
    const [row = {}] = this.ctx.storage.sql
      .exec(
        "SELECT length(CAST(row AS BLOB)) AS row, (SELECT length(CAST(json AS BLOB)) FROM state) AS state FROM rounds ORDER BY slot DESC LIMIT 1",
      )
      .toArray();
    const status = await this.readStatus();
    return {
      rounds: status.self.rounds,
      verdict: status.verdict,
      rowBytes: Number(row["row"]),
      stateBytes: Number(row["state"]),
      // The next alarm is a row as well.
      rowsWritten: 1 + cursors.reduce((sum, cursor) => sum + cursor.rowsWritten, 0),
    };
  }

  async #runNext(): Promise<void> {
    aheadMs += INTERVAL_MS;
    await this.alarm();
  }
}

type Cursor = ReturnType<SqlStorage["exec"]>;

/** A cursor knows how many rows it wrote only after it was read, so all are kept until the work is done. */
async function recordCursors(sql: SqlStorage, work: () => Promise<void>): Promise<readonly Cursor[]> {
  const prototype = Object.getPrototypeOf(sql) as { exec: SqlStorage["exec"] };
  const { exec } = prototype;
  const cursors: Cursor[] = [];
  prototype.exec = function recorded(this: SqlStorage, ...words: Parameters<SqlStorage["exec"]>) {
    const cursor = exec.apply(this, words);
    cursors.push(cursor);
    return cursor;
  } as SqlStorage["exec"];
  try {
    await work();
  } finally {
    prototype.exec = exec;
  }
  return cursors;
}

export class Vantage extends DurableObject<WorkerEnv> {
  async look(job: VantageJob): Promise<VantageReport> {
    const at = Date.now();
    return {
      vantage: job.vantage.id,
      colo: `local-${job.vantage.id}`,
      observations: job.probes.map((probe, place) => seenAt(probe, place, at)),
      dns: job.questions.map((question) => answeredAt(question, at)),
    };
  }
}

function seenAt({ region, vantage }: ProbeJob, place: number, at: number): Observation {
  return {
    region: region.id,
    vantage,
    at,
    status: 200,
    phases: { connect: 12.3 + place, ttfb: 45.6 + place, transfer: 0.7 },
    totalMs: 46.3 + place,
    failure: null,
    claim: {
      hostname: `${region.id}-7d9c5b6f4-x2x7q`,
      region: region.region,
      podIP: "10.0.0.1",
      cluster: region.cluster.context,
      version: "1.0.0",
      time: at,
    },
  };
}

/** What the policy of `test/bench/topologies.ts` wants of a healthy world: the first region. */
function answeredAt({ name, type, vantage, view }: DnsJob, at: number): DnsObservation {
  const authoritative = view === "authoritative";
  return {
    name,
    type,
    vantage,
    view,
    server: authoritative ? "127.0.0.1:9" : "http://127.0.0.1:9/dns-query",
    at,
    reply: {
      kind: "reply",
      rcode: "NOERROR",
      authoritative,
      addresses: ["127.0.10.1"],
      ttlSeconds: 60,
      scope: null,
      elapsedMs: 8.9,
    },
  };
}

export default {
  async fetch(request, env, ctx): Promise<Response> {
    startClock();
    const url = new URL(request.url);
    if (url.pathname !== "/bench/rounds") return await worker.fetch(request, env, ctx);
    const stub = env.COORDINATOR.getByName("coordinator") as unknown as Pick<Coordinator, "runRounds">;
    return Response.json(await stub.runRounds(Number(url.searchParams.get("count"))));
  },
} satisfies ExportedHandler<WorkerEnv>;
