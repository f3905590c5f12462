// All states of health of every shape at once: each has a name and addresses of its own, whose health gdnsd is told by a
// file, so that nothing has to settle. What it serves must be what our evaluator expects.
import { expectedAnswer } from "../../monitor/policy/evaluator.ts";
import { type Answer, ANYONE, permits } from "../../monitor/policy/answer.ts";
import type { HealthView } from "../../monitor/policy/health-check.ts";
import type { RecordSet, Zone } from "../../monitor/policy/record-set.ts";
import { makeNodeWorld } from "../../monitor/node/world.ts";
import type { LookingWorld } from "../../monitor/run/world.ts";
import { H, smallZone, U } from "../support/small-zone.ts";
import { expectSame } from "./checks.ts";
import { type Gdnsd, type GdnsdPlan, startGdnsd } from "./gdnsd-server.ts";
import { ANY_HEALTHY, ASKERS, GEOIP_MAPS, type NamedAsker, type Shape, SHAPES, ZONE } from "./gdnsd-shapes.ts";
import { NAME_SERVER_HOST } from "./name-server.ts";

const TTL_SECONDS = 60;
const ASK_MS_MAX = 5000;
/** A quarter of all chance is missed by all of them once in 10^10 times. */
const ASKS_FOR_CHANCE = 80;
const TRANSPORTS = ["udp", "tcp"] as const;

interface State {
  readonly shape: Shape;
  readonly name: string;
  readonly host: string;
  readonly addresses: readonly string[];
  readonly records: readonly RecordSet[];
  readonly down: readonly string[];
}

const STATES: readonly State[] = SHAPES.flatMap(statesOf);

function statesOf(shape: Shape, shapeIndex: number): readonly State[] {
  return Array.from({ length: 2 ** shape.leaves }, (_, state): State => {
    const bits = state.toString(2).padStart(shape.leaves, "0");
    const name = `s${shapeIndex}-${bits}`;
    const host = `${name}.${ZONE}`;
    const addresses = Array.from(bits, (_bit, index) => addressOf(shape, shapeIndex, state * shape.leaves + index));
    const down = addresses.filter((_address, index) => bits[index] === "0");
    return { shape, name, host, addresses, records: shape.records(host, addresses), down };
  });
}

/** Benchmarking and documentation ranges (RFC 2544, RFC 3849), to which nothing is ever sent. */
function addressOf({ type }: Shape, shapeIndex: number, index: number): string {
  return type === "A" ? `198.18.${shapeIndex}.${index}` : `2001:db8::${shapeIndex}:${index + 1}`;
}

const WHOLE: Zone = { ...smallZone(STATES.flatMap(({ records }) => records)), name: ZONE };
const VIEW: HealthView = Object.fromEntries(
  STATES.flatMap(({ addresses, down }) => addresses.map((address) => [address, down.includes(address) ? U : H])),
);

/** One of three is up: to gdnsd with its own threshold of a half that is a group that is down. */
const HALF = "half";
const LEAST_UP = STATES.find(({ shape, down }) => shape.plugin === "multifo" && down.length === 2) ?? missing();

function missing(): never {
  throw new Error("expected a multivalue shape of three");
}

export async function startInjected(): Promise<Gdnsd> {
  return startGdnsd(PLAN);
}

const HEALTH_FILE = "health";

const PLAN: GdnsdPlan = {
  zone: ZONE,
  lines: [
    ...STATES.map(({ name, shape }) => `${name} ${TTL_SECONDS}/${TTL_SECONDS} DYNA ${shape.plugin}!${name}`),
    `${HALF} ${TTL_SECONDS}/${TTL_SECONDS} DYNA multifo!${HALF}`,
  ],
  files: { [HEALTH_FILE]: STATES.flatMap(({ addresses, down }) => healthLines(addresses, down)).join("") },
  sections: (folder) => `
service_types => { healthz => { plugin => extfile, file => ${folder}/${HEALTH_FILE}, direct => true } }
plugins => {
  simplefo => { service_types => healthz, ${resourcesOf("simplefo")} }
  multifo => { service_types => healthz, ${ANY_HEALTHY}, ${resourcesOf("multifo")}
    ${HALF} => { up_thresh => 0.5, ${LEAST_UP.shape.resource(LEAST_UP.addresses)} } }
  weighted => { service_types => healthz, ${ANY_HEALTHY}, ${resourcesOf("weighted")} }
  metafo => { service_types => healthz, resources => { ${resourcesOf("metafo")} } }
  geoip => { service_types => healthz, ${GEOIP_MAPS}, resources => { ${resourcesOf("geoip")} } }
}`,
};

function resourcesOf(plugin: Shape["plugin"]): string {
  const own = STATES.filter(({ shape }) => shape.plugin === plugin);
  return own.map(({ name, shape, addresses }) => `${name} => { ${shape.resource(addresses)} }`).join("\n  ");
}

function healthLines(addresses: readonly string[], down: readonly string[]): readonly string[] {
  return addresses.map((address) => `"${address}" => ${down.includes(address) ? "DOWN" : "UP"}\n`);
}

/** Every state, every asker, both transports; gives what was compared. */
export async function checkShape(shape: Shape, { port }: Gdnsd): Promise<string> {
  const states = STATES.filter((state) => state.shape === shape);
  let answers = 0;
  for (const transport of TRANSPORTS) {
    const world = makeNodeWorld({ transport });
    for (const state of states)
      for (const asker of ASKERS) answers += await compare(world, port, state, asker, transport);
  }
  return `${states.length} states × ${ASKERS.length} askers by UDP and by TCP, ${answers} answers`;
}

/** The negative of the multivalue check: the same state of health, answered by gdnsd's own rule. */
export async function checkHalf({ port }: Gdnsd): Promise<string> {
  const reply = await askOnce(makeNodeWorld(), port, `${HALF}.${ZONE}`, LEAST_UP.shape, null);
  const question = { name: LEAST_UP.host, type: LEAST_UP.shape.type, asker: ANYONE };
  const { acceptable, reason } = expectedAnswer(WHOLE, question, VIEW);
  expectSame("what gdnsd serves", reply.addresses.toSorted(), LEAST_UP.addresses.toSorted());
  expectSame(
    "is it legal",
    acceptable.some((choice) => permits(choice, reply.addresses)),
    false,
  );
  return `it serves ${reply.addresses.length} addresses, Route 53 one: ${reason}`;
}

async function compare(
  world: LookingWorld,
  port: number,
  { host, shape }: State,
  { name, asker }: NamedAsker,
  transport: string,
): Promise<number> {
  const where = `${host} for ${name} by ${transport}`;
  const answer = expectedAnswer(WHOLE, { name: host, type: shape.type, asker }, VIEW);
  const asks = answer.expected === null ? ASKS_FOR_CHANCE : 1;
  const seen = new Set<string>();
  for (let ask = 0; ask < asks; ask += 1) {
    const reply = await askOnce(world, port, host, shape, asker.clientSubnet);
    expectSame(`${where}: TTL, authority`, [reply.ttlSeconds, reply.authoritative], [TTL_SECONDS, true]);
    expectSame(`${where}: the client subnet counted`, countedIn(reply.scope), countsFor(shape, asker.clientSubnet));
    if (!answer.acceptable.some((choice) => permits(choice, reply.addresses)))
      throw new Error(`${where}: ${answer.reason}; it serves ${reply.addresses.join(", ")}`);
    seen.add(reply.addresses.toSorted().join(" "));
  }
  expectSame(where, [...seen].toSorted(), wantedSets(answer, shape, asker.clientSubnet) ?? [...seen].toSorted());
  return asks;
}

/** Address sets as text; null: which of the legal ones it is depends on a place that the asker does not tell. */
function wantedSets({ acceptable }: Answer, { plugin }: Shape, clientSubnet: string | null): readonly string[] | null {
  if (plugin === "geoip" && clientSubnet === null) return null;
  return acceptable.map(({ values }) => values.toSorted().join(" ")).toSorted();
}

type Counted = "counted" | "not counted" | "not sent";

/** A map by subnet looks at it and nothing else does; the scope is as wide as the map's answer is the same. */
function countsFor({ plugin }: Shape, clientSubnet: string | null): Counted {
  if (clientSubnet === null) return "not sent";
  return plugin === "geoip" ? "counted" : "not counted";
}

function countedIn(scope: number | null): Counted {
  if (scope === null) return "not sent";
  return scope > 0 ? "counted" : "not counted";
}

async function askOnce(
  { clock, dns }: LookingWorld,
  port: number,
  name: string,
  { type }: Shape,
  clientSubnet: string | null,
) {
  const query = { name, type, clientSubnet, deadlineMs: clock.monotonicMs() + ASK_MS_MAX };
  const reply = await dns.ask(query, { kind: "authoritative", host: NAME_SERVER_HOST, port });
  if (reply.kind === "failed") throw new Error(`${name}: ${reply.failure.cause}, ${reply.failure.detail}`);
  expectSame(`${name}: rcode`, reply.rcode, "NOERROR");
  return reply;
}
