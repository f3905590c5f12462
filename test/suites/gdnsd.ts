// Our evaluator, DNS observer and judge before gdnsd, a name server with failover that we did not write. Its answers are the
// reference: over all states of health (told by a file), and live over real regions that it watches itself.
// Run as `node test/suites/gdnsd.ts`; without gdnsd everything is skipped.
//
// gdnsd is not Route 53. Where it differs, and what that does to the comparison:
// - It gives a group up when less than half of it is up (`up_thresh` 0.5); Route 53 when nothing is. Set to a hundredth here,
//   and left at a half in one check, where our judge must call it a deviation.
// - It has one checker: the 18 % rule is not compared. Its first look decides the first state: the live steps start healthy.
// - A resource is healthy or not; nothing is unknown, disabled, inverted or calculated: not compared.
// - Weights begin at 1: zero weights are not compared. More than eight values are all answered: three are asked for here.
// - An alias always follows its target's health: `EvaluateTargetHealth` false, and a check on an alias, are not compared.
// - Latency is a map by subnet that somebody wrote, as `latencyOrder` is here; with no subnet it is that of our own address,
//   which Route 53 would rank in its own way: then only "a legal answer" is asked for. Geolocation, geoproximity and
//   IP-based routing need tables of places: not compared.
// - It halves TTLs where something is down, unless they are written twice: "60/60".
import { isInstalled, runChecks, type SuiteCheck } from "./checks.ts";
import { checkHalf, checkShape, startInjected } from "./gdnsd-injected.ts";
import { checkSteps, checkStuck, openLive } from "./gdnsd-live.ts";
import { SHAPES } from "./gdnsd-shapes.ts";
import { startOnce } from "./program.ts";

const here = isInstalled("gdnsd", ["-h"], "started");
const injected = startOnce(startInjected);
const live = startOnce(openLive);

const CHECKS: readonly SuiteCheck<"gdnsd">[] = [
  ...SHAPES.map((shape) => check(shape.name, async () => checkShape(shape, await injected.get()))),
  check("a group that is given up at less than half deviates", async () => checkHalf(await injected.get())),
  check("failover and latency over live regions conform at every step", async () => checkSteps(await live.get())),
  check("a name server that does not follow deviates", async () => checkStuck(await live.get())),
];

function check(name: string, run: () => Promise<string>): SuiteCheck<"gdnsd"> {
  return { name, program: "gdnsd", run };
}

await runChecks(CHECKS, { gdnsd: { isHere: here, install: "apt-get install gdnsd" } });
await injected.end();
await live.end();
