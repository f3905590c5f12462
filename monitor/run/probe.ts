// One look at one region: dial where the runtime's fetch cannot see the connection, fetch the health path, read the claim.
// A failed look is an observation like any other, so nothing here throws.
import type { Claim, Failure, Observation, Phases } from "../model/observation.ts";
import { statusPasses } from "../policy/health-check.ts";
import { claimProblem, parseClaim } from "../verify/claim.ts";
import type { ProbeJob } from "./plan.ts";
import type { DialReply, LookingWorld, NetReply } from "./world.ts";

/** Which vantage looks: for the service's own logs, and for a fault that one place alone shall meet. */
export const VANTAGE_HEADER = "x-probe-vantage";

/** Enough for any health page; Route 53 itself reads no more than 5,120 bytes. */
export const BODY_BYTES_MAX = 65_536;

type Seen = Pick<Observation, "status" | "phases" | "totalMs" | "failure" | "claim">;

/** `deadlineMs` is a reading of the world's monotonic clock; the observation is there by then. */
export async function runProbe(job: ProbeJob, deadlineMs: number, world: LookingWorld): Promise<Observation> {
  const about = { region: job.region.id, vantage: job.vantage, at: world.clock.now() };
  try {
    return { ...about, ...(await look(job, deadlineMs, world)) };
  } catch (thrown) {
    return { ...about, ...failed({ cause: "internal", detail: wordsOf(thrown) }) };
  }
}

/** The observation of a look for which no time was left. */
export function unstartedProbe(job: ProbeJob, world: LookingWorld): Observation {
  const detail = "the round's time was over before this look could start";
  return {
    region: job.region.id,
    vantage: job.vantage,
    at: world.clock.now(),
    ...failed({ cause: "not-started", detail }),
  };
}

async function look(job: ProbeJob, deadlineMs: number, world: LookingWorld): Promise<Seen> {
  const dialled = await dial(job, deadlineMs, world);
  if (dialled.failure?.cause === "timeout") return { ...failed(dialled.failure), phases: dialled.phases };
  const health = await fetchOnce(job, job.healthUrl, deadlineMs, world);
  const phases = { ...dialled.phases, ...health.phases };
  if (health.kind === "failed") {
    return {
      status: health.status,
      phases,
      totalMs: null,
      failure: finer(health.failure, dialled.failure),
      claim: null,
    };
  }
  const seen = { status: health.status, phases, totalMs: health.totalMs };
  const refused = statusFailure(health.status);
  if (refused !== null) return { ...seen, failure: refused, claim: null };
  return { ...seen, ...readClaim(job, await fetchOnce(job, job.claimUrl, deadlineMs, world), world.clock.now()) };
}

function fetchOnce({ vantage }: ProbeJob, url: string, deadlineMs: number, world: LookingWorld): Promise<NetReply> {
  return world.net.fetchOnce({
    url,
    headers: { accept: "application/json, */*", [VANTAGE_HEADER]: vantage },
    bytesMax: BODY_BYTES_MAX,
    deadlineMs,
  });
}

interface Dialled {
  readonly phases: Phases;
  readonly failure: Failure | null;
}

/** TLS is the second dial's time less the first one's: the only recipe that holds in every version of workerd. */
async function dial(job: ProbeJob, deadlineMs: number, { net }: LookingWorld): Promise<Dialled> {
  if (net.sees.includes("connect")) return { phases: {}, failure: null };
  const { host, port } = job;
  const tcp: DialReply = await net.dial({ host, port, secure: "tcp" }, deadlineMs);
  if (tcp.kind === "failed") return { phases: {}, failure: tcp.failure };
  const connect = tcp.connectMs;
  if (!job.secure || job.phases === "dial") return { phases: { connect }, failure: null };
  const both = await net.dial({ host, port, secure: "tls" }, deadlineMs);
  // A handshake that fails says no more than the fetch will; one that never ends leaves the fetch no time.
  if (both.kind === "failed")
    return { phases: { connect }, failure: both.failure.cause === "timeout" ? both.failure : null };
  return { phases: { connect, tls: Math.max(0, both.connectMs - connect) }, failure: null };
}

/** The dial names what the Worker's fetch has only one text for. */
function finer(fetched: Failure, dialled: Failure | null): Failure {
  if (dialled === null || dialled.cause === "blocked") return fetched;
  // A Worker's dial has one text for refused and for names without an address; for the latter its fetch has another one.
  if (dialled.cause === "unreachable" && fetched.cause === "connection-lost") {
    return { cause: "refused", phase: "connect", detail: "Nothing accepts connections there: refused, or no route." };
  }
  // What looks like TLS to its fetch cannot be TLS where no connection can be made: then it was the name.
  if (dialled.cause === "unreachable" && fetched.cause === "tls") {
    return {
      cause: "name-not-resolved",
      phase: "dns",
      detail: "The name did not resolve; the runtime gave no reason.",
    };
  }
  return ["connection-lost", "unreachable", "internal"].includes(fetched.cause) ? dialled : fetched;
}

function statusFailure(status: number): Failure | null {
  if (status >= 200 && status < 300) return null;
  if (statusPasses(status))
    return { cause: "redirected", detail: `status ${status}: a redirect is not the service's own answer` };
  return { cause: "http-status", detail: `status ${status}` };
}

function readClaim(job: ProbeJob, reply: NetReply, at: number): { failure: Failure | null; claim: Claim | null } {
  if (reply.kind === "failed") {
    return { failure: { ...reply.failure, detail: `claim: ${reply.failure.detail}` }, claim: null };
  }
  const claim = reply.status === 200 ? parseClaim(reply.body) : null;
  if (claim === null) {
    return {
      failure: { cause: "claim-unreadable", detail: `GET / gave status ${reply.status} and no claim as JSON` },
      claim: null,
    };
  }
  if (claim.region === job.region.region) return { failure: null, claim };
  return {
    failure: { cause: "wrong-region", detail: claimProblem(job.region, claim, at) ?? "another region answered" },
    claim,
  };
}

function failed(failure: Failure): Seen {
  return { status: null, phases: {}, totalMs: null, failure, claim: null };
}

const DETAIL_MAX = 200;

function wordsOf(thrown: unknown): string {
  return (thrown instanceof Error ? thrown.message : String(thrown)).slice(0, DETAIL_MAX);
}
