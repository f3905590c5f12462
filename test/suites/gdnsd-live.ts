// gdnsd watches two real regions by its own monitoring (`http_status`, intervals scaled down) and answers by it, while our
// vantages look at the same regions and ask it. Over every change the judge must stay inside "converging", and end with
// the same answer as gdnsd; where gdnsd is kept from following, the judge must say so.
import type { GateFault } from "../../monitor/drill/faults.ts";
import { gateHost } from "../../monitor/local/gate-row.ts";
import type { StatusReport } from "../../monitor/report/status-schema.ts";
import { expectSame } from "./checks.ts";
import { ADMIN_STATE, type Gdnsd, startGdnsd } from "./gdnsd-server.ts";
import { ZONE } from "./gdnsd-shapes.ts";
import { LIVE_TIMES, type LiveRegions, liveTopology, openRegions } from "./live-regions.ts";
import { type LiveRounds, lookUntil, makeRounds, verdictsOf, wordsOf } from "./live-rounds.ts";

const [FIRST, SECOND] = [gateHost(1), gateHost(2)];

interface Step {
  readonly faults: readonly [GateFault, GateFault];
  readonly health: readonly ["healthy" | "unhealthy", "healthy" | "unhealthy"];
  readonly failover: string;
  /** For the American and for the European vantage. */
  readonly latency: readonly [string, string];
}

/** Reference 2.2 and 2.3 lived through; 302 is as good as 200 to Route 53 and no use to users. */
export const STEPS: readonly Step[] = [
  { faults: ["open", "open"], health: ["healthy", "healthy"], failover: FIRST, latency: [FIRST, SECOND] },
  { faults: ["refuse", "open"], health: ["unhealthy", "healthy"], failover: SECOND, latency: [SECOND, SECOND] },
  { faults: ["open", "open"], health: ["healthy", "healthy"], failover: FIRST, latency: [FIRST, SECOND] },
  { faults: ["http-503", "blackhole"], health: ["unhealthy", "unhealthy"], failover: FIRST, latency: [FIRST, SECOND] },
  { faults: ["open", "reset"], health: ["healthy", "unhealthy"], failover: FIRST, latency: [FIRST, FIRST] },
  { faults: ["redirect", "open"], health: ["healthy", "healthy"], failover: FIRST, latency: [FIRST, SECOND] },
];

export interface Live {
  readonly regions: LiveRegions;
  readonly gdnsd: Gdnsd;
  /** By the name that is asked for; failover asks by TCP, latency by UDP. */
  readonly rounds: { readonly failover: LiveRounds; readonly latency: LiveRounds };
  stop(): Promise<void>;
}

export async function openLive(): Promise<Live> {
  const regions = await openRegions();
  try {
    const gdnsd = await startGdnsd(planFor(regions.port));
    const ports = { gates: regions.port, dns: gdnsd.port };
    const rounds = {
      failover: makeRounds(liveTopology("failover", `failover.${ZONE}`, ports, "two"), "tcp"),
      latency: makeRounds(liveTopology("latency", `latency.${ZONE}`, ports, "two"), "udp"),
    };
    const stop = async (): Promise<void> => {
      await gdnsd.stop();
      await regions.close();
    };
    return { regions, gdnsd, rounds, stop };
  } catch (thrown) {
    await regions.close();
    throw thrown;
  }
}

/** `ok_thresh` 1 makes `down_thresh` looks in a row, as Route 53 counts; codes are listed because there are no ranges. */
function planFor(port: number) {
  const { intervalSeconds, timeoutSeconds, failureThreshold } = LIVE_TIMES;
  const threshold = `up_thresh => ${failureThreshold}, ok_thresh => 1, down_thresh => ${failureThreshold}`;
  return {
    zone: ZONE,
    lines: ["failover 1/1 DYNA simplefo!failover", "latency 1/1 DYNA geoip!latency"],
    files: {},
    sections: () => `
service_types => { healthz => { plugin => http_status, port => ${port}, url_path => /healthz, vhost => failover.${ZONE},
  ok_codes => [ 200, 204, 301, 302, 307, 308 ], ${threshold}, interval => ${intervalSeconds}, timeout => ${timeoutSeconds} } }
plugins => {
  simplefo => { failover => { service_types => healthz, primary => ${FIRST}, secondary => ${SECOND} } }
  geoip => {
    maps => { latency => { datacenters => [ d0, d1 ], nets => {
      198.51.100.0/24 => [ d0, d1 ], 203.0.113.0/24 => [ d1, d0 ] } } }
    resources => { latency => { map => latency, service_types => healthz, dcmap => { d0 => ${FIRST}, d1 => ${SECOND} } } } } }`,
  };
}

/** Both policies through every step, together. Gives how long each step took. */
export async function checkSteps({ regions, rounds }: Live): Promise<string> {
  const took: string[] = [];
  for (const step of STEPS) {
    const what = `gates ${step.faults.join(" and ")}`;
    await regions.setFaults(step.faults);
    const counts = await Promise.all([
      lookUntil(`${what}: failover`, rounds.failover, (one) => isThere(one, step, [step.failover]), refuseDeviation),
      lookUntil(`${what}: latency`, rounds.latency, (one) => isThere(one, step, step.latency), refuseDeviation),
    ]);
    took.push(`${step.faults.join("/")} ${Math.max(...counts)}`);
  }
  return `rounds of a second until all agree: ${took.join(", ")}`;
}

/** Ours and theirs: health as meant, every answer as in the table and expected so, and nothing still converging. */
function isThere({ regions, dns }: StatusReport, { health }: Step, wanted: readonly string[]): boolean {
  const agreed = regions.every((region, index) => region.health === health[index]);
  const answers = dns.every(({ vantage, verdict, answer, expected }) => {
    const address = wanted[vantage === "weur" ? wanted.length - 1 : 0];
    return verdict === "conforms" && answer.join() === address && expected.join() === address;
  });
  return agreed && dns.length === 2 && answers;
}

function refuseDeviation(report: StatusReport): void {
  if (verdictsOf(report).includes("deviates")) throw new Error(`it is called a deviation: ${wordsOf(report)}`);
}

/** The other way round: gdnsd is told by hand that the dead primary is up. Converging first, a deviation after the deadline. */
export async function checkStuck({ regions, gdnsd, rounds: { failover } }: Live): Promise<string> {
  const seen = new Set<string>();
  const note = (report: StatusReport): void => {
    for (const verdict of verdictsOf(report)) seen.add(verdict);
  };
  gdnsd.setFile(ADMIN_STATE, `${FIRST}/healthz => UP\n`);
  await regions.setFaults(["refuse", "open"]);
  const late = await lookUntil("a name server that does not follow", failover, isDeviation, note);
  expectSame("converging before it", seen.has("converging"), true);
  gdnsd.setFile(ADMIN_STATE, "");
  const moved = await lookUntil("and follows after all", failover, (report) => isConform(report, SECOND), note);
  return `called a deviation after ${late} rounds, and conforms ${moved} rounds after gdnsd was let go`;
}

function isDeviation(report: StatusReport): boolean {
  return verdictsOf(report).every((verdict) => verdict === "deviates");
}

function isConform({ dns }: StatusReport, address: string): boolean {
  return dns.every(({ verdict, answer }) => verdict === "conforms" && answer.join() === address);
}
