// Addresses as bytes: whether a text is one, whether two spellings are the same one, and which ones nobody outside can
// reach. The core has no URL class and no sockets to ask.

export function parseIpv4(text: string): readonly number[] | null {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return null;
  return parts.map(Number);
}

/** 16 bytes of the text forms of RFC 4291 section 2.2, a dotted IPv4 tail included; null for anything else. */
export function parseIpv6(text: string): readonly number[] | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const parsed = halves.map((half, index) => groupBytes(half, index === halves.length - 1));
  const [head, tail] = parsed;
  if (head === undefined || head === null || tail === null) return null;
  if (tail === undefined) return head.length === 16 ? head : null;
  const missing = 16 - head.length - tail.length;
  // "::" stands for one group at least (RFC 5952 section 4.2.2 asks writers for two).
  return missing >= 2 ? [...head, ...Array.from({ length: missing }, () => 0), ...tail] : null;
}

export function parseAddress(text: string): readonly number[] | null {
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

/** "198.51.100.0/24" as bytes and length; null when host bits are set or it is no such block. */
export function parseBlock(text: string): { readonly bytes: readonly number[]; readonly length: number } | null {
  const match = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text);
  const bytes = parseAddress(match?.[1] ?? "");
  const length = Number(match?.[2] ?? Number.NaN);
  if (bytes === null || !(length <= bytes.length * 8)) return null;
  return bytes.every((byte, index) => (byte & ~maskByte(length, index) & 0xff) === 0) ? { bytes, length } : null;
}

/**
 * What hides an address from Route 53's checkers ("private, local, nonroutable or multicast", API Reference,
 * HealthCheckConfig, IPAddress); null when nothing does. Documentation blocks pass: examples are made of them.
 */
export function hiddenKind(bytes: readonly number[]): string | null {
  const found = HIDDEN.find(({ block }) => inBlock(bytes, block));
  return found?.kind ?? null;
}

const HIDDEN = [
  ["0.0.0.0/8", "unspecified"],
  ["10.0.0.0/8", "private"],
  ["100.64.0.0/10", "shared"],
  ["127.0.0.0/8", "loopback"],
  ["169.254.0.0/16", "link-local"],
  ["172.16.0.0/12", "private"],
  ["192.168.0.0/16", "private"],
  ["224.0.0.0/4", "multicast"],
  ["240.0.0.0/4", "reserved"],
  ["::/128", "unspecified"],
  ["::1/128", "loopback"],
  ["::ffff:0:0/96", "IPv4-mapped"],
  ["fc00::/7", "private"],
  ["fe80::/10", "link-local"],
  ["fec0::/10", "private"],
  ["ff00::/8", "multicast"],
].map(([text = "", kind = ""]) => ({ block: parseBlock(text), kind }));

function inBlock(bytes: readonly number[], block: ReturnType<typeof parseBlock>): boolean {
  if (block === null || block.bytes.length !== bytes.length) return false;
  return bytes.every((byte, index) => (byte & maskByte(block.length, index)) === block.bytes[index]);
}

/** The bits of byte `index` that a prefix of `length` bits covers. */
function maskByte(length: number, index: number): number {
  const kept = Math.min(8, Math.max(0, length - index * 8));
  return (0xff00 >> kept) & 0xff;
}

/** Bytes of colon-separated groups; a dotted IPv4 may stand in the last place of the address. */
function groupBytes(half: string, last: boolean): readonly number[] | null {
  if (half === "") return [];
  const groups = half.split(":");
  const bytes: number[] = [];
  for (const [index, group] of groups.entries()) {
    const ipv4 = last && index === groups.length - 1 ? parseIpv4(group) : null;
    if (ipv4 === null && !/^[0-9a-fA-F]{1,4}$/.test(group)) return null;
    const value = Number.parseInt(group, 16);
    bytes.push(...(ipv4 ?? [value >> 8, value & 0xff]));
  }
  return bytes.length <= 16 ? bytes : null;
}
