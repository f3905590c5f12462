// What maintenance excuses: a region that was announced to be under maintenance may fail, and its verdict then counts neither
// for the overall verdict nor for an incident that pages. DNS is never excused, and a region is not either while DNS leads users into it.
import type { Verdict } from "../model/verdict.ts";
import type { MaintenanceWindow } from "../model/planned.ts";
import type { MonitorState } from "../model/state.ts";
import { type Instant, toIso } from "../time.ts";
import type { Region, Topology } from "../topology/topology.ts";
import { settleMsOf } from "../verify/settle.ts";
import type { Standing } from "../verify/standing.ts";
import { FAILOVER_SUBJECT } from "../verify/verdict.ts";
import { causeOf, regionsUnder } from "./windows.ts";

/** Whose verdicts are a region's own. */
const OF_REGION = /^(?:region|claim|router):(.*)$/;

/** `active` are the windows in force. Verdicts that conform stay as they are; so does everything that nobody announced. */
export function excuseVerdicts(
  topology: Topology,
  verdicts: readonly Verdict[],
  active: readonly MaintenanceWindow[],
  seen: Pick<MonitorState, "dns" | "health">,
  standing: Pick<Standing, "user">,
): readonly Verdict[] {
  if (active.length === 0) return verdicts;
  const under = regionsUnder(topology, active);
  const stranded = strandedRegions(topology, under, seen, standing);
  const everywhere = topology.regions.every(({ id }) => under.has(id));
  return verdicts.map((verdict) => {
    if (verdict.verdict === "conforms") return verdict;
    const region = OF_REGION.exec(verdict.subject)?.[1] ?? null;
    const window = region === null ? windowOfAll(verdict, under, everywhere) : under.get(region);
    if (window === undefined) return verdict;
    const words = `${verdict.reason}; in maintenance (${window.id}) until ${toIso(window.until)}`;
    if (region !== null && stranded.has(region))
      return { ...verdict, reason: `${words}, but DNS still leads users there` };
    return { ...verdict, reason: words, excusedBy: causeOf(window) };
  });
}

/** Where nothing is left to fail over to, failover itself cannot but fail: the window that ends first holds for all. */
function windowOfAll(
  { subject }: Verdict,
  under: ReadonlyMap<string, MaintenanceWindow>,
  everywhere: boolean,
): MaintenanceWindow | undefined {
  if (subject !== FAILOVER_SUBJECT || !everywhere) return undefined;
  return [...under.values()].toSorted((a, b) => a.until - b.until || (a.id < b.id ? -1 : 1))[0];
}

/**
 * Regions under maintenance that fail users and that DNS answers all the same, longer than DNS may take to lead them elsewhere. Only
 * where there is an elsewhere. An answer speaks for when it was given: name servers have their turns, and vantages may be silent.
 */
function strandedRegions(
  topology: Topology,
  under: ReadonlyMap<string, MaintenanceWindow>,
  { dns, health }: Pick<MonitorState, "dns" | "health">,
  { user }: Pick<Standing, "user">,
): ReadonlySet<string> {
  if (topology.regions.every(({ id }) => under.has(id))) return new Set();
  const settleMs = settleMsOf(topology);
  const isAnswered = ({ endpoint }: Region, after: Instant): boolean =>
    Object.values(dns).some(
      ({ seen: { at: seenAt, reply } }) =>
        seenAt > after && reply.kind === "reply" && endpoint.addresses.some((one) => reply.addresses.includes(one)),
    );
  const isStranded = (region: Region): boolean => {
    const window = under.get(region.id);
    const since = health[region.id]?.userSince ?? null;
    if (window === undefined || since === null || user[region.id] !== "unhealthy") return false;
    return isAnswered(region, Math.max(since, window.from) + settleMs);
  };
  return new Set(topology.regions.filter(isStranded).map(({ id }) => id));
}
