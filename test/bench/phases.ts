// Part "phases": how near the measured phases are to delays that an injector put in and timed itself, ours in Node and, where it
// is here, blackbox_exporter's. What remains is the work of the machine: loopback, and in tls the handshake itself.
import type { Phase } from "../../monitor/model/observation.ts";
import { makeAuthority, makeCertificate } from "../support/fault-server-certificate.ts";
import { type Exporter, startExporter } from "./exporter.ts";
import { writeInto } from "./files.ts";
import type { Delays, InjectorOrder, InjectorPorts } from "./injector-process.ts";
import type { BenchContext, PartResult } from "./part.ts";
import { type Helpmate, startHelpmate } from "./processes.ts";
import { quantile, rounded } from "./statistics.ts";

const HOST = "127.0.0.1";
const NAME = "localhost";
/** Another one for each phase, so that none can pass for another. */
const SHARES: Delays = { dns: 1, tls: 2, ttfb: 3, transfer: 4 };
const SCALES_MS = [0, 10, 50];
const LOOKS = { full: 30, quick: 5 };
const WARM_LOOKS = 20;
/** The exporter's own words; it asks the system's resolver, which nobody delays. */
const PEER_PHASES: Readonly<Partial<Record<Phase, string>>> = {
  connect: "connect",
  tls: "tls",
  ttfb: "processing",
  transfer: "transfer",
};
const SHOWN: readonly Phase[] = ["dns", "connect", "tls", "ttfb", "transfer"];

/** Milliseconds by phase that one look measured, and how long the injector really held it. */
interface Look {
  readonly scaleMs: number;
  readonly measured: Readonly<Partial<Record<Phase, number>>>;
  readonly held: Delays;
}

interface Scene {
  readonly injector: Helpmate;
  readonly url: string;
  readonly measureOurs: () => Promise<Look["measured"]>;
  readonly exporter: Exporter | null;
}

export async function runPhases(context: BenchContext): Promise<PartResult> {
  const scene = await setScene(context);
  const looks = context.quick ? LOOKS.quick : LOOKS.full;
  const { exporter } = scene;
  const ours: Look[] = [];
  const peers: Look[] = [];
  await lookMany(0, WARM_LOOKS, scene, scene.measureOurs);
  for (const scaleMs of SCALES_MS) {
    ours.push(...(await lookMany(scaleMs, looks, scene, scene.measureOurs)));
    if (exporter === null) continue;
    peers.push(...(await lookMany(scaleMs, looks, scene, () => measurePeer(exporter, scene.url))));
  }
  await scene.exporter?.end();
  await scene.injector.end();
  return report(ours, peers);
}

async function setScene({ belongings }: BenchContext): Promise<Scene> {
  const folder = belongings.makeFolder();
  const authority = makeAuthority("bench");
  const certificate = makeCertificate(NAME, authority);
  const authorityFile = writeInto(folder, "authority.pem", authority.cert);
  const key = writeInto(folder, "key.pem", certificate.key);
  const cert = writeInto(folder, "cert.pem", certificate.cert);
  const injector = startHelpmate("injector-process.ts", [key, cert, HOST], {}, belongings);
  const ports = await injector.ask<InjectorPorts>({ kind: "where" } satisfies InjectorOrder);
  const url = `https://${NAME}:${ports.https}/`;
  const looker = startHelpmate(
    "look-process.ts",
    [`${HOST}:${ports.dns}`],
    { NODE_EXTRA_CA_CERTS: authorityFile },
    belongings,
  );
  return {
    injector,
    url,
    measureOurs: async () => await looker.ask<Look["measured"]>({ url }),
    exporter: await startExporter(authorityFile, 4, belongings),
  };
}

async function lookMany(
  scaleMs: number,
  count: number,
  { injector }: Scene,
  measure: () => Promise<Look["measured"]>,
): Promise<readonly Look[]> {
  const delays: Delays = {
    dns: SHARES.dns * scaleMs,
    tls: SHARES.tls * scaleMs,
    ttfb: SHARES.ttfb * scaleMs,
    transfer: SHARES.transfer * scaleMs,
  };
  await injector.ask({ kind: "delays", delays } satisfies InjectorOrder);
  const looks: Look[] = [];
  for (let look = 0; look < count; look += 1) {
    const measured = await measure();
    looks.push({ scaleMs, measured, held: await injector.ask<Delays>({ kind: "record" } satisfies InjectorOrder) });
  }
  return looks;
}

/** Seconds and other names, made ours. */
async function measurePeer(exporter: Exporter, url: string): Promise<Look["measured"]> {
  const seconds = await exporter.phases(url);
  const named = Object.entries(PEER_PHASES).map(([phase, name]) => [phase, 1000 * (seconds[name] ?? Number.NaN)]);
  return Object.fromEntries(named) as Look["measured"];
}

interface Errors {
  readonly heldMs: number;
  readonly p50: number;
  readonly p95: number;
}

/** Measured less held; connect is held by nobody. */
function errorsOf(looks: readonly Look[], phase: Phase, scaleMs: number): Errors | null {
  const own = looks.filter((look) => look.scaleMs === scaleMs && look.measured[phase] !== undefined);
  if (own.length === 0) return null;
  const heldOf = (look: Look): number => (phase === "connect" ? 0 : look.held[phase]);
  const errors = own.map((look) => (look.measured[phase] ?? Number.NaN) - heldOf(look));
  return { heldMs: quantile(own.map(heldOf), 0.5), p50: quantile(errors, 0.5), p95: quantile(errors, 0.95) };
}

function report(ours: readonly Look[], peers: readonly Look[]): PartResult {
  const lines = SHOWN.flatMap((phase) => SCALES_MS.map((scaleMs) => ({ phase, scaleMs })));
  const measured = lines.map((line) => ({
    ...line,
    mine: errorsOf(ours, line.phase, line.scaleMs),
    peer: errorsOf(peers, line.phase, line.scaleMs),
  }));
  const ms = (value: number | undefined): string => (value === undefined ? "-" : value.toFixed(1));
  return {
    columns: ["phase", "injected ms", "recorded ms", "error p50", "error p95", "blackbox p50", "blackbox p95"],
    rows: measured.map(({ phase, scaleMs, mine, peer }) => [
      phase,
      phase === "connect" ? "none" : `${SHARES[phase as keyof Delays] * scaleMs}`,
      ms(mine?.heldMs),
      ms(mine?.p50),
      ms(mine?.p95),
      ms(peer?.p50),
      ms(peer?.p95),
    ]),
    figures: Object.fromEntries(
      measured.flatMap(({ phase, scaleMs, mine }) => [
        [`${phase}${scaleMs}ErrorP50Ms`, mine === null ? null : rounded(mine.p50)],
        [`${phase}${scaleMs}ErrorP95Ms`, mine === null ? null : rounded(mine.p95)],
      ]),
    ),
    notes: [
      "all delays act in the same look, each phase its own, so time that is counted in the wrong phase shows as an error",
      "connect cannot be delayed from outside the kernel; tls includes the handshake's own work, which is there at 0 ms too",
      peers.length === 0
        ? "skipped: blackbox_exporter is not here"
        : "blackbox asks the system's resolver, so its resolve phase is not compared",
    ],
  };
}
