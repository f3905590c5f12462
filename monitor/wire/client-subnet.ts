// EDNS client subnets (RFC 7871): as CIDR text in a topology, as bytes in a message. Host bits are cleared and addresses
// written in their one canonical form, so that two spellings of a subnet compare as equal.
import { parseAddress } from "../topology/address.ts";

export interface ClientSubnet {
  /** Canonical text, host bits zero: "198.51.100.0", "2001:db8::". */
  address: string;
  prefix: number;
}

const FAMILY_IPV4 = 1;
const FAMILY_IPV6 = 2;

/** "198.51.100.7/24" gives 198.51.100.0 and 24; null for anything that is not an address, a slash and a prefix length. */
export function parseCidr(text: string): ClientSubnet | null {
  const match = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text);
  const bytes = addressBytes(match?.[1] ?? "");
  const prefix = Number(match?.[2] ?? "-1");
  if (match === null || bytes === null || prefix > bytes.length * 8) return null;
  return { address: addressText(masked(bytes, prefix)), prefix };
}

/** The option's bytes: family, source prefix, scope prefix, and no more of the address than the prefix needs. */
export function encodeSubnet(subnet: ClientSubnet, scope: number): Uint8Array | null {
  const bytes = addressBytes(subnet.address);
  if (bytes === null || subnet.prefix > bytes.length * 8) return null;
  const kept = masked(bytes, subnet.prefix).subarray(0, Math.ceil(subnet.prefix / 8));
  return Uint8Array.from([0, bytes.length === 4 ? FAMILY_IPV4 : FAMILY_IPV6, subnet.prefix, scope, ...kept]);
}

/** Null where RFC 7871 section 6 is broken: unknown family, prefix too long, wrong number of bytes, host bits set. */
export function decodeSubnet(option: Uint8Array): (ClientSubnet & { scope: number }) | null {
  const [high, family, prefix, scope, ...given] = option;
  if (high !== 0 || (family !== FAMILY_IPV4 && family !== FAMILY_IPV6)) return null;
  const size = family === FAMILY_IPV4 ? 4 : 16;
  if (prefix === undefined || scope === undefined || prefix > size * 8 || scope > size * 8) return null;
  if (given.length !== Math.ceil(prefix / 8)) return null;
  const bytes = new Uint8Array(size);
  bytes.set(given);
  if (masked(bytes, prefix).some((byte, index) => byte !== bytes[index])) return null;
  return { address: addressText(bytes), prefix, scope };
}

/** The one spelling of an address (RFC 5952); null for anything else. */
export function canonicalAddress(text: string): string | null {
  const bytes = addressBytes(text);
  return bytes === null ? null : addressText(bytes);
}

function masked(bytes: Uint8Array, prefix: number): Uint8Array {
  return bytes.map((byte, index) => {
    const kept = Math.min(8, Math.max(0, prefix - index * 8));
    return byte & (0xff00 >> kept) & 0xff;
  });
}

function addressBytes(text: string): Uint8Array | null {
  const bytes = parseAddress(text);
  return bytes === null ? null : Uint8Array.from(bytes);
}

/** URL parsers write IPv6 by RFC 5952 in every runtime, which spares us a writer of our own. */
function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((bytes[index * 2] ?? 0) * 256 + (bytes[index * 2 + 1] ?? 0)).toString(16),
  );
  return new URL(`http://[${groups.join(":")}]/`).hostname.slice(1, -1);
}
