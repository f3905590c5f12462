// Address blocks as numbers, for IP-based routing: which blocks hold which, the longest first.

export interface Block {
  readonly family: "ipv4" | "ipv6";
  readonly network: bigint;
  readonly prefix: number;
}

const BITS = { ipv4: 32, ipv6: 128 } as const;

/** Null: no block in CIDR notation. Bits beyond the prefix are cleared. */
export function parseBlock(text: string): Block | null {
  const match = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(text);
  const [, address = "", digits = ""] = match ?? [];
  const family = address.includes(":") ? "ipv6" : "ipv4";
  const value = family === "ipv6" ? ipv6Number(address) : ipv4Number(address);
  const prefix = Number(digits);
  if (match === null || value === null || prefix > BITS[family]) return null;
  return shortened({ family, network: value, prefix: BITS[family] }, prefix);
}

/** The block of `prefix` bits that holds this one. */
export function shortened(block: Block, prefix: number): Block {
  const spare = BigInt(BITS[block.family] - prefix);
  return { family: block.family, network: (block.network >> spare) << spare, prefix };
}

/** Equal for equal blocks. */
export function blockKey({ family, network, prefix }: Block): string {
  return `${family} ${network.toString(16)}/${prefix}`;
}

function ipv4Number(text: string): bigint | null {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return null;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

/** RFC 4291: eight groups, "::" for a run of zero groups, and the last two written as IPv4. */
function ipv6Number(text: string): bigint | null {
  const dotted = /^(.*:)([0-9.]*\.[0-9.]*)$/.exec(text);
  if (dotted !== null) {
    const tail = ipv4Number(dotted[2] ?? "");
    if (tail === null) return null;
    return ipv6Number(`${dotted[1] ?? ""}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`);
  }
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const gap = 8 - head.length - tail.length;
  if (halves.length === 2 ? gap < 1 : gap !== 0) return null;
  const groups = [...head, ...Array.from({ length: gap }, () => "0"), ...tail];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return null;
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}
