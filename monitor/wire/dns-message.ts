// DNS messages as bytes and back (RFC 1035, EDNS by RFC 6891, client subnet by RFC 7871), for asking and for answering.
// Nothing here throws on what came from the network.
import {
  AUTHORITATIVE_ANSWER,
  type DecodedPacket,
  RECURSION_AVAILABLE,
  RECURSION_DESIRED,
  TRUNCATED_RESPONSE,
} from "dns-packet";
import { normalName, type AddressType } from "../policy/record-set.ts";
import { assert } from "../problem.ts";
import { type ClientSubnet, decodeSubnet, parseCidr } from "./client-subnet.ts";
import {
  findOpt,
  followAnswers,
  isSendable,
  opcodeOf,
  optRecord,
  rcodeText,
  readPacket,
  subnetOption,
  writePacket,
} from "./dns-packet.ts";

export { type ClientSubnet, parseCidr } from "./client-subnet.ts";

/** What a client without EDNS takes by UDP (RFC 1035 section 4.2.1). */
const PLAIN_UDP_BYTES = 512;

/** Low four bits of the header's flags. */
const RCODES = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const;

/** "NS" finds the name servers to ask; its values are names. */
export type AskedType = AddressType | "NS";

export interface Query {
  readonly id: number;
  readonly name: string;
  readonly type: AskedType;
  /** CIDR text; null: no client subnet is sent. */
  readonly clientSubnet: string | null;
  readonly recursionDesired: "yes" | "no";
}

export interface Asked {
  readonly id: number;
  readonly name: string;
  readonly type: AskedType;
}

export type DecodedReply =
  | {
      readonly kind: "message";
      readonly rcode: string;
      readonly authoritative: boolean;
      readonly truncated: boolean;
      /** Sorted as text, each once; CNAMEs inside the message are followed. For NS: names, lower case. */
      readonly addresses: readonly string[];
      /** The smallest on the way from the name to the addresses; null without an address. */
      readonly ttlSeconds: number | null;
      /** Scope prefix of the client subnet; null when the reply had none. */
      readonly scope: number | null;
    }
  | { readonly kind: "malformed"; readonly detail: string };

export type DecodedQuery =
  | {
      readonly kind: "query";
      readonly id: number;
      /** Lower case, without the final dot. */
      readonly name: string;
      readonly type: string;
      readonly recursionDesired: boolean;
      readonly clientSubnet: ClientSubnet | null;
      readonly udpSizeMax: number;
    }
  /** `id` where at least that could be read, so that FORMERR can be answered. */
  | { readonly kind: "malformed"; readonly id: number | null };

export interface Reply {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly rcode: keyof typeof RCODES;
  readonly authoritative: boolean;
  readonly truncated: boolean;
  readonly recursionDesired: boolean;
  readonly answers: readonly {
    readonly name: string;
    readonly type: AddressType;
    readonly ttlSeconds: number;
    readonly address: string;
  }[];
  readonly clientSubnet: (ClientSubnet & { readonly scope: number }) | null;
}

/** A query with EDNS. A name or subnet that cannot be sent is a bug of the caller: the topology was checked before. */
export function encodeQuery(query: Query): Uint8Array {
  const subnet = query.clientSubnet === null ? null : parseCidr(query.clientSubnet);
  assert(query.clientSubnet === null || subnet !== null, `not a client subnet: ${query.clientSubnet}`);
  assert(isSendable(query.name), `not a DNS name: ${query.name}`);
  return writePacket({
    type: "query",
    id: query.id,
    flags: query.recursionDesired === "yes" ? RECURSION_DESIRED : 0,
    questions: [{ type: query.type, name: query.name }],
    additionals: [optRecord(subnet === null ? null : { ...subnet, scope: 0 })],
  });
}

/** Strict about what was asked: a reply to another question, or with another id, is malformed. */
export function decodeReply(bytes: Uint8Array, asked: Asked): DecodedReply {
  const packet = readPacket(bytes);
  if (packet === null) return { kind: "malformed", detail: "The reply is not a DNS message." };
  const opt = findOpt(packet);
  const rcode = rcodeText(packet, opt);
  const detail = mismatch(packet, rcode, asked);
  if (detail !== null) return { kind: "malformed", detail };
  return {
    kind: "message",
    rcode,
    authoritative: packet.flag_aa,
    truncated: packet.flag_tc,
    ...followAnswers(packet.answers ?? [], asked),
    scope: subnetOption(opt)?.[3] ?? null,
  };
}

/** Null when the packet replies to what was asked. */
function mismatch(packet: DecodedPacket, rcode: string, asked: Asked): string | null {
  if (!packet.flag_qr) return "The reply is a query.";
  if (packet.id !== asked.id) return "The reply has another id than the query.";
  const [question, ...others] = packet.questions ?? [];
  if (others.length > 0) return "The reply repeats several questions.";
  // A server that could not read the query has no question to repeat.
  if (question === undefined) return rcode === "NOERROR" ? "The reply repeats no question." : null;
  const same = normalName(question.name) === normalName(asked.name) && question.type === asked.type;
  return same ? null : "The reply is to another question.";
}

export function decodeQuery(bytes: Uint8Array): DecodedQuery {
  const [high, low] = bytes;
  const id = high === undefined || low === undefined ? null : high * 256 + low;
  const refused = { kind: "malformed", id } as const;
  const packet = readPacket(bytes);
  if (packet === null || id === null || packet.flag_qr || opcodeOf(packet) !== 0) return refused;
  const [question, ...others] = packet.questions ?? [];
  if (question === undefined || others.length > 0 || question.class !== "IN" || !isSendable(question.name))
    return refused;
  const opt = findOpt(packet);
  const option = subnetOption(opt);
  const subnet = option === null ? null : decodeSubnet(option);
  if (option !== null && subnet === null) return refused;
  return {
    kind: "query",
    id,
    name: normalName(question.name),
    type: question.type,
    recursionDesired: packet.flag_rd,
    clientSubnet: subnet === null ? null : { address: subnet.address, prefix: subnet.prefix },
    udpSizeMax: Math.max(PLAIN_UDP_BYTES, opt?.udpPayloadSize ?? PLAIN_UDP_BYTES),
  };
}

/** What was not asked for authoritatively offers recursion. The caller keeps to `udpSizeMax`; nothing is cut here. */
export function encodeReply(reply: Reply): Uint8Array {
  const flags =
    RCODES[reply.rcode] |
    (reply.authoritative ? AUTHORITATIVE_ANSWER : RECURSION_AVAILABLE) |
    (reply.truncated ? TRUNCATED_RESPONSE : 0) |
    (reply.recursionDesired ? RECURSION_DESIRED : 0);
  return writePacket({
    type: "response",
    id: reply.id,
    flags,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it takes "UNKNOWN_65" too, which its types do not say
    questions: [{ type: reply.type as AddressType, name: reply.name }],
    answers: reply.answers.map((answer) => ({
      type: answer.type,
      name: answer.name,
      ttl: answer.ttlSeconds,
      data: answer.address,
    })),
    additionals: reply.clientSubnet === null ? [] : [optRecord(reply.clientSubnet)],
  });
}
