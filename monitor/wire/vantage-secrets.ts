// Where the secrets of private vantages come from: one variable each, under one name on both sides, and never the topology, which
// is committed and travels in the Worker's bundle.
import { WEBHOOK_SECRET, WEBHOOK_SECRET_FORM } from "../topology/alert-schema.ts";
import { privateVantages, type Topology } from "../topology/topology.ts";

/** The new one and the old one, while they are changed. */
const SECRETS_MAX = 2;

export type SecretVariables = Readonly<Record<string, unknown>>;

const PREFIX = "VANTAGE_SECRET_";

/** "VANTAGE_SECRET_OFFICE_BERLIN" for office-berlin. */
export function secretVariable(vantage: string): string {
  return `${PREFIX}${vantage.toUpperCase().replaceAll("-", "_")}`;
}

/** One, or two apart by a space; none where it is not set, or not of the form. */
export function secretsOf(vantage: string, variables: SecretVariables): readonly string[] {
  const value = variables[secretVariable(vantage)];
  const secrets = typeof value === "string" ? value.trim().split(/\s+/) : [];
  return secrets.length <= SECRETS_MAX && secrets.every((secret) => WEBHOOK_SECRET.test(secret)) ? secrets : [];
}

/** By id of each private vantage of the topology. */
export function allSecrets(topology: Topology, variables: SecretVariables): ReadonlyMap<string, readonly string[]> {
  return new Map(privateVantages(topology).map(({ id }) => [id, secretsOf(id, variables)] as const));
}

/** A sentence for each variable that is set and of no use; it never shows the value. */
export function secretProblems(topology: Topology, variables: SecretVariables): readonly string[] {
  return privateVantages(topology)
    .filter(({ id }) => (variables[secretVariable(id)] ?? "") !== "" && secretsOf(id, variables).length === 0)
    .map(
      ({ id }) =>
        `${secretVariable(id)}: expected ${WEBHOOK_SECRET_FORM}, or two of them apart by a space; ${id} cannot report with it`,
    );
}

/** Those of an environment that are set, and nothing else of it. */
export function secretVariablesOf(env: SecretVariables): SecretVariables {
  return Object.fromEntries(Object.entries(env).filter(([name, value]) => name.startsWith(PREFIX) && value !== ""));
}
