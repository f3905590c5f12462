// Everything that touches dns-packet: reading what may be garbage, EDNS, and the way along CNAMEs to the addresses.
// Whatever the library throws is a value here.
import {
  type Answer,
  decode,
  type DecodedPacket,
  encode,
  type OptAnswer,
  type Packet,
  type StringAnswer,
} from "dns-packet";
import { normalName } from "../policy/record-set.ts";
import { assert } from "../problem.ts";
import { canonicalAddress, type ClientSubnet, encodeSubnet } from "./client-subnet.ts";

/** A longer message fits no transport: the length prefix of TCP has two bytes. */
export const MESSAGE_BYTES_MAX = 65_535;
/**
 * Records in all sections of one message. dns-packet follows compression pointers only backwards, so it ends, but a
 * message made of pointers costs thousands of steps for every record; this bounds the product.
 */
const RECORDS_MAX = 512;
/** Steps along CNAMEs inside one message. */
const CNAME_STEPS_MAX = 16;
/** What we take by UDP: fits every path without fragments (DNS flag day 2020). */
const UDP_BYTES = 1232;
/** Records whose value dns-packet gives as text, among those that are asked for or followed. */
const TEXT_TYPES: ReadonlySet<string> = new Set(["A", "AAAA", "CNAME", "NS"]);
const OPT_CLIENT_SUBNET = 8;
/** IANA "DNS RCODEs"; others are written as "RCODE_<number>". */
const RCODE_NAMES = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"] as const;

/** Null for whatever is too long, has too many records, or makes dns-packet throw. */
export function readPacket(bytes: Uint8Array): DecodedPacket | null {
  if (bytes.byteLength > MESSAGE_BYTES_MAX || recordCount(bytes) > RECORDS_MAX) return null;
  try {
    const packet = decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    // It reads addresses beyond the end without a word ("192.0.2.undefined"), but counts; NaN after an unknown fingerprint.
    return decode.bytes <= bytes.byteLength ? packet : null;
  } catch {
    return null;
  }
}

/** A plain array: a Buffer's `slice` shares its memory, which its type does not tell. */
export function writePacket(packet: Packet): Uint8Array {
  return new Uint8Array(encode(packet));
}

/** Sum of the four counts in the header; 0 when there is no header, which dns-packet then refuses. */
function recordCount(bytes: Uint8Array): number {
  let count = 0;
  for (let at = 4; at < 12; at += 2) count += (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
  return count;
}

export function opcodeOf(packet: DecodedPacket): number {
  return ((packet.flags ?? 0) >> 11) & 0xf;
}

export function findOpt(packet: DecodedPacket): OptAnswer | null {
  return packet.additionals?.find((record): record is OptAnswer => record.type === "OPT") ?? null;
}

/** EDNS holds the upper eight bits of the twelve (RFC 6891 section 6.1.3). */
export function rcodeText(packet: DecodedPacket, opt: OptAnswer | null): string {
  const code = ((opt?.extendedRcode ?? 0) << 4) | ((packet.flags ?? 0) & 0xf);
  return RCODE_NAMES[code] ?? `RCODE_${code}`;
}

export function subnetOption(opt: OptAnswer | null): Uint8Array | null {
  return opt?.options.find((option) => option.code === OPT_CLIENT_SUBNET)?.data ?? null;
}

export function optRecord(subnet: (ClientSubnet & { readonly scope: number }) | null): OptAnswer {
  const data = subnet === null ? null : encodeSubnet(subnet, subnet.scope);
  assert(subnet === null || data !== null, `not a client subnet: ${subnet?.address}/${subnet?.prefix}`);
  return {
    type: "OPT",
    name: ".",
    udpPayloadSize: UDP_BYTES,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: data === null ? [] : [{ code: OPT_CLIENT_SUBNET, ip: undefined, data: Buffer.from(data) }],
  };
}

/** dns-packet writes any bytes; labels that are not visible ASCII would come out as something else. */
export function isSendable(name: string): boolean {
  const plain = normalName(name);
  return plain.length <= 253 && (plain === "" || plain.split(".").every((label) => /^[\x21-\x7e]{1,63}$/.test(label)));
}

/** Addresses sorted as text, each once; `ttlSeconds` is the smallest on the way, null without an address. */
export function followAnswers(
  answers: readonly Answer[],
  asked: { readonly name: string; readonly type: string },
): { addresses: readonly string[]; ttlSeconds: number | null } {
  const records = answers.filter(isText);
  let name = normalName(asked.name);
  let ttlSeconds = Number.POSITIVE_INFINITY;
  for (let step = 0; step <= CNAME_STEPS_MAX; step += 1) {
    const here = records.filter((record) => normalName(record.name) === name);
    const found = here.filter((record) => record.type === asked.type);
    if (found.length > 0) {
      return { addresses: sortedValues(found), ttlSeconds: Math.min(ttlSeconds, ...found.map(ttlOf)) };
    }
    const alias = here.find((record) => record.type === "CNAME");
    if (alias === undefined) break;
    ttlSeconds = Math.min(ttlSeconds, ttlOf(alias));
    name = normalName(alias.data);
  }
  return { addresses: [], ttlSeconds: null };
}

function isText(record: Answer): record is StringAnswer {
  return TEXT_TYPES.has(record.type) && "class" in record && record.class === "IN";
}

function ttlOf(record: StringAnswer): number {
  return record.ttl ?? 0;
}

function sortedValues(records: readonly StringAnswer[]): readonly string[] {
  return [...new Set(records.map((record) => canonicalAddress(record.data) ?? normalName(record.data)))].toSorted();
}
