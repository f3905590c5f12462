// The negative control: PowerDNS's LUA records do failover too, but not as Route 53 does, and our judge must see it. Where both
// do the same it must conform. Run as `node test/suites/powerdns.ts`; without PowerDNS and its lua2 backend all is skipped.
//
// `ifurlup` over two sets of addresses is set against failover, `ifportup` over one set against multivalue. What PowerDNS 4.7
// does otherwise:
// - Nothing is up before it was asked for: the first answer is chance.
// - `ifurlup` takes status 200 alone for up: a 302, healthy to Route 53, moves users away.
// - `ifportup` takes an open port for up: a 503, unhealthy to Route 53, moves nobody.
// - When all are down it answers any one of them by chance; Route 53 answers the primary, or all of a multivalue group.
// - One failed look is enough; the judge allows an early mover, so this is no deviation and not asked for here.
import { spawnSync } from "node:child_process";
import type { GateFault } from "../../monitor/drill/faults.ts";
import { gateHost } from "../../monitor/local/gate-row.ts";
import { makeNodeWorld } from "../../monitor/node/world.ts";
import { ANYONE, permits } from "../../monitor/policy/answer.ts";
import { expectedAnswer } from "../../monitor/policy/evaluator.ts";
import type { StatusReport } from "../../monitor/report/status-schema.ts";
import { zoneOf } from "../../monitor/topology/zone.ts";
import { expectSame, runChecks, type SuiteCheck } from "./checks.ts";
import { LIVE_TIMES, liveTopology, openRegions } from "./live-regions.ts";
import { lookUntil, makeRounds } from "./live-rounds.ts";
import { NAME_SERVER_HOST } from "./name-server.ts";
import { startPowerDns } from "./powerdns-server.ts";
import { startOnce } from "./program.ts";

const ZONE = "multicloud.example.com";
const [FIRST, SECOND] = [gateHost(1), gateHost(2)];
const BOTH = `${FIRST} ${SECOND}`;
/** Chance gives the primary to all of them once in a million times. */
const FIRST_QUESTIONS = 20;
const ASK_MS_MAX = 5000;
const LOOK_MS_MAX = 30_000;

async function openWorld() {
  const regions = await openRegions();
  const both = `{{'${FIRST}'},{'${SECOND}'}}`;
  // A query of its own makes a check of its own, which nobody has asked for before.
  const byUrl = (query: string): string =>
    `ifurlup('http://url.${ZONE}:${regions.port}/healthz${query}', ${both}, {timeout=${LIVE_TIMES.timeoutSeconds}})`;
  const firsts = Array.from({ length: FIRST_QUESTIONS }, (_, index) => [`first${index}`, byUrl(`?${index}`)] as const);
  try {
    const server = await startPowerDns(ZONE, LIVE_TIMES.intervalSeconds, {
      url: byUrl(""),
      port: `ifportup(${regions.port}, {'${FIRST}','${SECOND}'}, {selector='all', timeout=${LIVE_TIMES.timeoutSeconds}})`,
      ...Object.fromEntries(firsts),
    });
    const ports = { gates: regions.port, dns: server.port };
    const rounds = {
      url: makeRounds(liveTopology("failover", `url.${ZONE}`, ports, "all"), "tcp"),
      port: makeRounds(liveTopology("multivalue", `port.${ZONE}`, ports, "all"), "tcp"),
    };
    const stop = async (): Promise<void> => {
      await server.stop();
      await regions.close();
    };
    return { regions, ports, rounds, stop };
  } catch (thrown) {
    await regions.close();
    throw thrown;
  }
}

const world = startOnce(openWorld);

const CHECKS: readonly SuiteCheck<"pdns_server">[] = [
  check("the first answer is chance, and not always legal", checkFirst),
  check("with all healthy both kinds conform", () => reach(["open", "open"], conformAt(FIRST), conformAt(BOTH))),
  check("with the primary refused both kinds conform", () =>
    reach(["refuse", "open"], conformAt(SECOND), conformAt(SECOND)),
  ),
  check("a 302 that moves users is a deviation", () => reach(["redirect", "open"], deviateAt(SECOND), conformAt(BOTH))),
  check("a 503 that moves nobody is a deviation", () =>
    reach(["http-503", "open"], conformAt(SECOND), deviateAt(BOTH)),
  ),
  check("with all down answers by chance are a deviation everywhere, also while chance is right", () =>
    reach(["refuse", "refuse"], unreliableAt(FIRST), everywhereDeviate),
  ),
];

function check(name: string, run: () => Promise<string>): SuiteCheck<"pdns_server"> {
  return { name, program: "pdns_server", run };
}

/** Each name is asked twice: before PowerDNS has looked, and when it has had the time to. */
async function checkFirst(): Promise<string> {
  const { regions, ports } = await world.get();
  await regions.setFaults(["open", "open"]);
  const zone = zoneOf(liveTopology("failover", `url.${ZONE}`, ports, "all"));
  const health = Object.fromEntries(zone.healthChecks.map(({ id }) => [id, "healthy" as const]));
  const { acceptable } = expectedAnswer(zone, { name: `url.${ZONE}`, type: "A", asker: ANYONE }, health);
  const names = Array.from({ length: FIRST_QUESTIONS }, (_, index) => `first${index}.${ZONE}`);
  const illegal = async (): Promise<number> => {
    const answers = await Promise.all(names.map((name) => addressesOf(name, ports.dns)));
    return answers.filter((answer) => !acceptable.some((choice) => permits(choice, answer))).length;
  };
  const before = await illegal();
  if (before === 0) throw new Error("expected some first answers to be illegal, found none");
  const { clock } = makeNodeWorld();
  await clock.sleepUntil(clock.now() + 3 * LIVE_TIMES.intervalSeconds * 1000);
  expectSame("illegal answers when it has looked", await illegal(), 0);
  return `${before} of ${FIRST_QUESTIONS} first answers are illegal, and none when it has looked`;
}

async function addressesOf(name: string, port: number): Promise<readonly string[]> {
  const { clock, dns } = makeNodeWorld();
  const query = { name, type: "A", clientSubnet: null, deadlineMs: clock.monotonicMs() + ASK_MS_MAX } as const;
  const reply = await dns.ask(query, { kind: "authoritative", host: NAME_SERVER_HOST, port });
  if (reply.kind === "failed") throw new Error(`${name}: ${reply.failure.cause}, ${reply.failure.detail}`);
  return reply.addresses;
}

type Goal = (report: StatusReport) => boolean;

/** Rounds under these faults until both kinds are where they should be. */
async function reach(faults: readonly GateFault[], url: Goal, port: Goal): Promise<string> {
  const { regions, rounds } = await world.get();
  await regions.setFaults(faults);
  const nothing = (): void => {};
  const counts = await Promise.all([
    lookUntil("by URL", rounds.url, url, nothing),
    lookUntil("by port", rounds.port, port, nothing),
  ]);
  return `after ${Math.max(...counts)} rounds of a second`;
}

/** `addresses` in order, a space between them. */
function conformAt(addresses: string): Goal {
  return ({ dns }) =>
    dns.length > 0 && dns.every(({ verdict, answer }) => verdict === "conforms" && answer.join(" ") === addresses);
}

function deviateAt(addresses: string): Goal {
  return ({ dns }) =>
    dns.length > 0 && dns.every(({ verdict, answer }) => verdict === "deviates" && answer.join(" ") === addresses);
}

function everywhereDeviate({ dns, regions }: StatusReport): boolean {
  return regions.every(({ health }) => health === "unhealthy") && dns.every(({ verdict }) => verdict === "deviates");
}

/** Chance gives the legal answer now and then, and the judge does not take that for mended. */
function unreliableAt(addresses: string): Goal {
  return (report) =>
    everywhereDeviate(report) &&
    report.dns.some(({ answer, reason }) => answer.join(" ") === addresses && reason.startsWith("legal now"));
}

/** The server without the backend that the records are in is of no use. */
function isHere(): boolean {
  const { stdout, stderr } = spawnSync("pdns_server", ["--list-modules"], { encoding: "utf8", timeout: LOOK_MS_MAX });
  return `${stdout ?? ""}${stderr ?? ""}`.split("\n").includes("lua2");
}

await runChecks(CHECKS, {
  pdns_server: { isHere: isHere(), install: "apt-get install pdns-server pdns-backend-lua2" },
});
await world.end();
