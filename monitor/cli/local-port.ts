// `--port N` of the commands that speak to a local world.

const PORT_MAX = 65_535;

export type ReadPort =
  /** Null: not given. */
  { readonly kind: "port"; readonly port: number | null } | { readonly kind: "refused"; readonly why: string };

export function readPort(given: string | undefined): ReadPort {
  if (given === undefined) return { kind: "port", port: null };
  const port = /^\d{1,5}$/.test(given) ? Number(given) : 0;
  if (port >= 1 && port <= PORT_MAX) return { kind: "port", port };
  return { kind: "refused", why: `--port: expected a number from 1 to ${PORT_MAX}, found "${given}"` };
}
