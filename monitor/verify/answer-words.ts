// DNS answers in words: addresses with the region they belong to, so that nobody has to look them up at night.
import type { DnsObservation } from "../model/observation.ts";
import type { Answer } from "../policy/answer.ts";
import { valuesOf, type Zone } from "../policy/record-set.ts";

/** "192.0.2.10 (aws-us-east-1)". */
export function nameOf(zone: Zone, seen: DnsObservation): string {
  const addresses = seen.reply.kind === "reply" ? seen.reply.addresses : [];
  const named = addresses.map((address) => {
    const record = zone.recordSets.find((one) => valuesOf(one).includes(address));
    return record?.setIdentifier === undefined || record.setIdentifier === null
      ? address
      : `${address} (${record.setIdentifier})`;
  });
  return named.join(", ");
}

export function describe(zone: Zone, seen: DnsObservation): string {
  if (seen.reply.kind !== "reply") return "gives no answer";
  if (seen.reply.rcode !== "NOERROR") return `answers ${seen.reply.rcode}`;
  return seen.reply.addresses.length === 0 ? "answers without any address" : `answers ${nameOf(zone, seen)}`;
}

export function policyWords(answer: Answer): string {
  return answer.expected === null ? answer.reason : `${answer.expected.values.join(", ")}: ${answer.reason}`;
}
