// Session affinity: a cookie that holds a region's id and a seal over it, and nothing of the client. There are as many good
// cookies as regions, so they are made once for each isolate, and a request costs one look into a table.
import { assert } from "../monitor/problem.ts";
import type { Affinity, Topology } from "../monitor/topology/topology.ts";
import { routerHost } from "../monitor/topology/topology.ts";

/** A shorter secret is taken for none. */
export const SECRET_CHARACTERS_MIN = 16;
/** Of one header; what stands after is not looked at. */
const COOKIES_MAX = 100;

export interface Keepers {
  /** Before the first of the others is called; for every request, because none may wait for what another one began. */
  readonly ready: () => Promise<void> | void;
  /** Null: no cookie of ours, or none that we made. */
  readonly regionOf: (cookies: string | null) => string | null;
  readonly cookieOf: (region: string) => string;
}

/** Null: the topology holds nobody, or there is no secret to seal with. */
export function makeKeepers(topology: Topology, secret: string | null): Keepers | null {
  const { affinity } = topology.router;
  if (affinity === null || secret === null || secret.length < SECRET_CHARACTERS_MIN) return null;
  const cookies = new Map<string, string>();
  const regions = new Map<string, string>();
  const makeAll = async (): Promise<void> => {
    for (const { id } of topology.regions) {
      const value = `${id}.${await sealOf(`${routerHost(topology)} ${id}`, secret)}`;
      cookies.set(id, value);
      regions.set(value, id);
    }
  };
  return {
    ready: () => (cookies.size === topology.regions.length ? undefined : makeAll()),
    regionOf: (given) => (given === null ? null : heldRegion(given, affinity.cookie, regions)),
    cookieOf: (region) => {
      const value = cookies.get(region);
      assert(value !== undefined, "every region has its cookie");
      return value;
    },
  };
}

function heldRegion(given: string, name: string, regions: ReadonlyMap<string, string>): string | null {
  for (const pair of given.split(";", COOKIES_MAX)) {
    const equals = pair.indexOf("=");
    if (equals < 0 || pair.slice(0, equals).trim() !== name) continue;
    const region = regions.get(pair.slice(equals + 1).trim());
    if (region !== undefined) return region;
  }
  return null;
}

export function setCookieOf({ local, router }: Topology, value: string): string {
  const { cookie, ttlSeconds } = affinityOf(router.affinity);
  return `${cookie}=${value}; Path=/; Max-Age=${ttlSeconds}; HttpOnly; SameSite=Lax${local ? "" : "; Secure"}`;
}

function affinityOf(affinity: Affinity | null): Affinity {
  assert(affinity !== null, "whoever has a cookie has affinity");
  return affinity;
}

/** HMAC-SHA-256, base64url without padding. */
async function sealOf(text: string, secret: string): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["sign"]);
  const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text)));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
