// `monitor policy prove`: which promises the zone keeps in every state of health, and which failures break the others. Its exit code
// can guard a pull request.
import { type Cut, type Proof, PROPERTIES, type Property, proveZone } from "../policy/prove.ts";
import { nearestWord } from "../topology/nearest.ts";
import { envelope, EXIT, type ExitCode } from "./envelope.ts";
import type { PolicyAsk } from "./policy-ask.ts";
import { wrapped } from "./policy-lines.ts";
import { POLICY_USAGE } from "./policy-usage.ts";
import { refuse } from "./refusal.ts";

/** What fails the command unless --property chooses. */
const USUAL: readonly Property[] = PROPERTIES.filter((property) => property !== "every-leaf-is-watched");

/** Cuts of one property that the text tells; JSON has them all. */
const CUTS_TOLD_MAX = 20;

type Outcome = "proven" | "failed" | "warned" | "not-disproven";

interface Stated {
  readonly property: Property;
  readonly outcome: Outcome;
  readonly cuts: readonly Cut[];
}

export function runProve(ask: PolicyAsk): ExitCode {
  const stranger = ask.properties.find((property) => !PROPERTIES.some((known) => known === property));
  if (stranger !== undefined) {
    const near = nearestWord(stranger, PROPERTIES);
    const hint = near === null ? "" : `, did you mean "${near}"?`;
    const refusal = `--property: expected ${PROPERTIES.join(", ")}, found "${stranger}"${hint}`;
    return refuse({ refusal }, POLICY_USAGE);
  }
  const chosen = ask.properties.length === 0 ? null : PROPERTIES.filter((known) => ask.properties.includes(known));
  const proofs = ask.types.map((type) => ({ type, proof: proveZone(ask.source.zone, ask.name, type) }));
  const missing = proofs.find(({ proof }) => proof === null);
  if (missing !== undefined)
    return refuse({ refusal: `--name: the zone has no ${missing.type} record ${ask.name}` }, POLICY_USAGE);
  const told = proofs.flatMap(({ proof }) => (proof === null ? [] : [{ proof, stated: statedIn(proof, chosen) }]));
  const verdict = verdictOf(told.flatMap(({ stated }) => stated));
  process.stdout.write(
    ask.output === "json"
      ? envelope("policy prove", verdict, { name: ask.name, proofs: told.map(payloadOf) }, Date.now())
      : told.map(({ proof, stated }) => textOf(proof, stated)).join("\n"),
  );
  return EXIT[verdict];
}

function statedIn(proof: Proof, chosen: readonly Property[] | null): readonly Stated[] {
  const searched = proof.properties.map(({ property, verdict, cuts }): Stated => ({
    property,
    outcome: verdict,
    cuts,
  }));
  const blind =
    proof.blind.length === 0 ? "proven" : (chosen ?? USUAL).includes("every-leaf-is-watched") ? "failed" : "warned";
  const all: readonly Stated[] = [...searched, { property: "every-leaf-is-watched", outcome: blind, cuts: [] }];
  return chosen === null ? all : all.filter(({ property }) => chosen.includes(property));
}

function verdictOf(stated: readonly Stated[]): "conforms" | "deviates" | "undecided" {
  if (stated.some(({ outcome }) => outcome === "failed")) return "deviates";
  return stated.some(({ outcome }) => outcome === "not-disproven") ? "undecided" : "conforms";
}

function payloadOf({ proof, stated }: { readonly proof: Proof; readonly stated: readonly Stated[] }): object {
  return { ...proof, properties: stated };
}

function textOf(proof: Proof, stated: readonly Stated[]): string {
  const { failuresMax } = proof.states;
  const lines = [
    `${proof.name} ${proof.type}`,
    wrapped(scopeWords(proof), "  "),
    ...(failuresMax === null
      ? []
      : [wrapped(`bounded: only states with at most ${failuresMax} failures were looked at`, "  ")]),
    ...(proof.treeCut
      ? [wrapped("bounded: a ring of aliases, or a tree too deep or too wide, was followed only in part", "  ")]
      : []),
    ...(proof.askersCombined
      ? []
      : [wrapped("askers: one trait at a time, all else unknown, so a failure may be nobody's", "  ")]),
    "",
    ...stated.flatMap((one) => propertyLines(proof, one)),
  ];
  return `${lines.join("\n")}\n`;
}

function scopeWords({ inputs, states, askers, leaves }: Proof): string {
  const what = `${counted(leaves.length, "leaf", "leaves")}, ${counted(inputs.length, "health check", "health checks")}`;
  return `${what}: ${counted(states.count, "state", "states")} × ${counted(askers.length, "asker", "askers")}`;
}

function counted(count: number, singular: string, plural: string): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? singular : plural}`;
}

const WORDS: Readonly<Record<Outcome, string>> = {
  proven: "PROVEN ",
  failed: "FAILED ",
  warned: "WARNING",
  "not-disproven": "OPEN   ",
};

function propertyLines(proof: Proof, { property, outcome, cuts }: Stated): readonly string[] {
  return [`${WORDS[outcome]}  ${property}`, ...detailLines(proof, property, cuts)];
}

function detailLines(proof: Proof, property: Property, cuts: readonly Cut[]): readonly string[] {
  const told = (text: string): string => wrapped(text, "         ", "           ");
  if (property === "every-leaf-is-watched") {
    if (proof.blind.length === 0) return [told("a health check can tell of each leaf that it is dead")];
    return proof.blind.map(({ leaf, why }) => told(`nobody sees ${leaf} dead: ${why}`));
  }
  const more =
    cuts.length > CUTS_TOLD_MAX ? [told(`and ${cuts.length - CUTS_TOLD_MAX} more; --json has them all`)] : [];
  if (cuts.length > 0)
    return [...cuts.slice(0, CUTS_TOLD_MAX).map((cut) => told(cutWords(proof, property, cut))), ...more];
  const scope = `${counted(proof.states.count, "state", "states")} × ${counted(proof.askers.length, "asker", "askers")}`;
  return [
    told(`in none of ${scope} ${BREACHES[property]}`),
    ...(property === "fail-open-only-when-all-down" ? openLines(proof, told) : []),
  ];
}

const BREACHES: Readonly<Record<Exclude<Property, "every-leaf-is-watched">, string>> = {
  "no-stranding": "is something dead answered while something lives",
  "always-answers": "is there no answer",
  "fail-open-only-when-all-down": "does it fail open while something lives",
};

function openLines(proof: Proof, told: (text: string) => string): readonly string[] {
  const sets = [...new Set(proof.failsOpen.map(({ down }) => namesOf(proof, down)))];
  return sets.map((set) => told(`it fails open when all are down: ${set}`));
}

function cutWords(proof: Proof, property: Property, { down, askers, answered, rule }: Cut): string {
  const cause =
    down.length === 0
      ? "even with all healthy it"
      : `losing ${namesOf(proof, down)}${down.length === 1 ? " alone" : ""}`;
  const users = usersOf(proof, askers);
  const where = answered.join(", ");
  switch (property) {
    case "no-stranding":
      return `${rule}: ${cause} strands ${users} on ${where}`;
    case "always-answers":
      return `${rule}: ${cause} leaves ${users} without an answer`;
    default:
      return `${rule}: ${cause} makes it fail open to ${where} for ${users}`;
  }
}

const ASKERS_TOLD_MAX = 4;

function usersOf(proof: Proof, askers: readonly string[]): string {
  if (askers.length === new Set(proof.askers).size) return "all users";
  const named = askers.slice(0, ASKERS_TOLD_MAX).join(", or ");
  return `users ${named}${askers.length > ASKERS_TOLD_MAX ? ` and ${askers.length - ASKERS_TOLD_MAX} more classes` : ""}`;
}

/** An id alone says nothing at night: beside it the leaves that it tells of, where their labels do not hold it. */
function namesOf({ inputs }: Proof, names: readonly string[]): string {
  const named = names.map((name) => {
    const leaves = inputs.find((input) => input.name === name)?.leaves ?? [];
    const isPlain = leaves.length === 0 || leaves.some((leaf) => leaf.split("/").includes(name));
    return isPlain ? name : `${name} (${leaves.join(", ")})`;
  });
  return named.join(" + ");
}
