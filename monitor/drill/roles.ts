// Who is meant by "primary" and "secondary": those that the zone which is judged answers with, first while all are healthy and
// then without the first, so that a drill breaks the region that users really go to.
import { ANYONE } from "../policy/answer.ts";
import { expectedAnswer } from "../policy/evaluator.ts";
import type { HealthView } from "../policy/health-check.ts";
import { checkView, type JudgedZone, judgedRouting, regionOfChoice } from "../topology/judged-zone.ts";
import { recordTypes, type Topology } from "../topology/topology.ts";
import type { RegionWord } from "./script.ts";

/** The word itself where it is no role, or where nobody has that role. */
export function regionOfWord(word: RegionWord, topology: Topology): string {
  const { regions } = topology;
  if (regions.some(({ id }) => id === word)) return word;
  if (word !== "primary" && word !== "secondary") return word;
  return rolesOf(topology)[word] ?? regions[word === "primary" ? 0 : 1]?.id ?? word;
}

interface Roles {
  /** Null: the zone has none, or none that is a region's alone. */
  readonly primary: string | null;
  readonly secondary: string | null;
}

function rolesOf(topology: Topology): Roles {
  const { dns, pulledZone } = topology;
  if (judgedRouting(topology) !== "failover") return { primary: null, secondary: null };
  if (pulledZone === undefined) {
    const { policy } = dns;
    return policy.routing === "failover" ? policy : { primary: null, secondary: null };
  }
  const primary = answeredBy(topology, pulledZone, null);
  return { primary, secondary: primary === null ? null : answeredBy(topology, pulledZone, primary) };
}

function answeredBy(topology: Topology, judged: JudgedZone, down: string | null): string | null {
  const [type = "A"] = recordTypes(topology);
  const health: HealthView = Object.fromEntries(
    topology.regions.map(({ id }) => [id, id === down ? "unhealthy" : "healthy"] as const),
  );
  const question = { name: topology.service.host, type, asker: ANYONE };
  const { expected } = expectedAnswer(judged.zone, question, checkView(judged, health));
  return regionOfChoice(topology, expected);
}
