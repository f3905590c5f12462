// This machine as a vantage: the topology that a look from here is judged by. One place speaks for all users that it knows,
// and its vantages share one vote, because they share its network.
import { hostname } from "node:os";
import type { Parsed } from "../problem.ts";
import { type LocationHint, privateVantages, type Topology, type Vantage } from "../topology/topology.ts";

/** The colo of every vantage on this machine: what they see is one vote. */
export const HERE_COLO = "node";

/** Nobody places it; it is none of those that report to it. */
const HERE_HINT: LocationHint = "enam";

/** Without domain, in lower case. */
export function ownName(): string {
  return hostname().split(".")[0]?.toLowerCase() || "here";
}

/** The same topology seen from here, and by those private vantages of `file` that can report here. */
export function heardHere(here: Topology, file: Topology, reporting: (id: string) => boolean): Parsed<Topology> {
  const own = privateVantages(file).filter(({ id }) => reporting(id));
  const taken = own.find(({ id }) => here.probe.vantages.some((vantage) => vantage.id === id));
  if (taken !== undefined) {
    const message = `--name: expected a name that no private vantage of the topology has, found "${taken.id}"`;
    return { ok: false, problems: [{ message }] };
  }
  return { ok: true, value: { ...here, probe: { ...here.probe, vantages: [...here.probe.vantages, ...own] } } };
}

/** The same topology seen from here alone. `as`: vantages of the topology for whose clients DNS is asked; none: for nobody's. */
export function seenFromHere(topology: Topology, name: string, as: readonly string[]): Parsed<Topology> {
  const { vantages } = topology.probe;
  const ids = vantages.map(({ id }) => id).join(", ");
  const unknown = as.filter((id) => !vantages.some((vantage) => vantage.id === id));
  if (unknown.length > 0) {
    const message = (id: string): string => `--as: expected a vantage of the topology (${ids}), found "${id}"`;
    return { ok: false, problems: unknown.map((id) => ({ message: message(id) })) };
  }
  const models = vantages
    .filter(({ id }) => as.includes(id))
    .map((model) => ({ ...model, id: `${name} as ${model.id}`, hint: HERE_HINT, private: undefined }));
  const alone: Vantage = { id: name, hint: HERE_HINT, clientSubnet: null, latencyOrder: [] };
  const probe = { ...topology.probe, vantages: models.length === 0 ? [alone] : models };
  return { ok: true, value: { ...topology, probe } };
}
