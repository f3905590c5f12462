// `monitor verify`: every cluster against the topology, read only. What is read comes from `node/`, what it means from
// `clusters/`; here it is asked for, again where that is wished, and told.
import { stringify } from "yaml";
import { clusterRoleFor } from "../clusters/cluster-role.ts";
import { judgeHost } from "../clusters/judge-host.ts";
import { judgeMember } from "../clusters/judge-member.ts";
import {
  clusterFile,
  clusterFindings,
  clusterVerdict,
  type JudgedCluster,
  objectVerdict,
  worstVerdict,
} from "../clusters/judged.ts";
import { waiveClusters, type WaivedClusters } from "../clusters/waived.ts";
import type { VerdictKind } from "../model/verdict.ts";
import { makeNodeWorld } from "../node/world.ts";
import { unreachable } from "../problem.ts";
import { findingsJunit } from "../report/findings-junit.ts";
import { findingsVerdict } from "../report/findings-verdict.ts";
import type { LookingWorld } from "../run/world.ts";
import { type Instant, MINUTE_MS, SECOND_MS } from "../time.ts";
import { envelope, EXIT, type ExitCode, exitCodeOf } from "./envelope.ts";
import { refuse } from "./refusal.ts";
import { parseVerify, VERIFY_USAGE, type VerifyWish } from "./verify-arguments.ts";
import { verifyText } from "./verify-text.ts";

const BETWEEN_LOOKS_MS = 5 * SECOND_MS;
/** Beyond a Deployment's own deadline for progress. */
const WAIT_MAX_MS = 10 * MINUTE_MS;

export async function runVerify(argv: readonly string[]): Promise<ExitCode> {
  const wish = parseVerify(argv);
  if ("refusal" in wish) return refuse(wish, VERIFY_USAGE);
  if (wish.look === "role") {
    process.stdout.write(stringify(clusterRoleFor(wish.topology, wish.via, wish.regionBy)));
    return EXIT.conforms;
  }
  const world = makeNodeWorld();
  const seen = await lookOn(wish, world);
  const verdict = verdictOf(seen, wish.strictness);
  process.stdout.write(faceOf(seen, verdict, wish, world.clock.now()));
  return exitCodeOf(verdict);
}

async function lookOn(wish: VerifyWish, world: LookingWorld): Promise<WaivedClusters> {
  const { clock } = world;
  const until = clock.monotonicMs() + (wish.patience === "wait" ? WAIT_MAX_MS : 0);
  for (;;) {
    const startedAt = clock.now();
    const seen = waiveClusters(await lookOnce(wish, world), wish.waivers, clock.now());
    const verdict = verdictOf(seen, wish.strictness);
    const isOpen = verdict === "converging" || verdict === "undecided";
    if (!isOpen || clock.monotonicMs() + BETWEEN_LOOKS_MS > until) return seen;
    process.stderr.write(`${verdict}; looking again in ${BETWEEN_LOOKS_MS / SECOND_MS} s\n`);
    await clock.sleepUntil(startedAt + BETWEEN_LOOKS_MS);
  }
}

async function lookOnce(wish: VerifyWish, world: LookingWorld): Promise<readonly JudgedCluster[]> {
  const { topology, via, regionBy } = wish;
  const context = topology.federation?.context;
  const host = via === "plain" || context === undefined ? null : { context, via };
  const { readClusters } = await import("../node/cluster-readings.ts");
  const readings = await readClusters({ ...wish, host }, world);
  const at = world.clock.now();
  return [
    ...(readings.host === null ? [] : [judgeHost(topology, readings.host, via, regionBy)]),
    ...readings.members.map((member) => judgeMember(topology, member, regionBy, at)),
  ];
}

function verdictOf({ clusters, findings }: WaivedClusters, strictness: VerifyWish["strictness"]): VerdictKind {
  const strict = strictness === "strict" ? clusterFindings(clusters) : [];
  return worstVerdict([...clusters.map(clusterVerdict), findingsVerdict([...findings, ...strict], strictness)]);
}

function faceOf(
  { clusters, findings: own }: WaivedClusters,
  verdict: VerdictKind,
  wish: VerifyWish,
  at: Instant,
): string {
  const findings = [...clusterFindings(clusters), ...own];
  switch (wish.format) {
    case "text":
      return verifyText({ clusters, findings: own }, verdict, wish.topology.service.name);
    case "json":
      return envelope("verify", verdict, { via: wish.via, clusters: clusters.map(clusterJson) }, at, findings);
    case "junit":
      return findingsJunit(
        findings,
        [...clusters.map(({ context }) => clusterFile(context)), ...(own.length === 0 ? [] : [wish.file])],
        wish.strictness,
        "monitor verify",
      );
    default:
      return unreachable(wish.format);
  }
}

function clusterJson(cluster: JudgedCluster): object {
  const { context, region, objects } = cluster;
  return { context, region, verdict: clusterVerdict(cluster), objects: objects.map(objectVerdict) };
}
