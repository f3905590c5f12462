// A private vantage beside those of the example, and the batches that it sends: signed, or with a part that is wrong.
import { looksFingerprint } from "../../monitor/topology/fingerprint.ts";
import type { DnsObservation, Observation, ObservationBatch } from "../../monitor/model/observation.ts";
import { batchId, batchText } from "../../monitor/run/observation-batch.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import { signedHeaders } from "../../monitor/wire/signature.ts";
import { EXAMPLE } from "./example-topology.ts";
import { goodLook } from "./looks.ts";

export const OFFICE = "office";
export const OFFICE_SECRET = `whsec_${"QUFB".repeat(8)}`;
export const OTHER_SECRET = `whsec_${"QkJC".repeat(8)}`;

export function withPrivate(topology: Topology = EXAMPLE, ...ids: readonly string[]): Topology {
  const own = (ids.length === 0 ? [OFFICE] : ids).map((id) => ({
    id,
    hint: null,
    private: true,
    clientSubnet: null,
    latencyOrder: [],
  }));
  return { ...topology, probe: { ...topology.probe, vantages: [...topology.probe.vantages, ...own] } };
}

/** All regions up and no question asked, unless `part` says otherwise. */
export function batchAt(
  topology: Topology,
  slot: number,
  part: Partial<ObservationBatch> & {
    readonly looks?: string;
  } = {},
): ObservationBatch {
  const vantage = part.vantage ?? OFFICE;
  return {
    vantage,
    slot,
    looks: looksFingerprint(topology, vantage),
    observations: topology.regions.map((region) => lookOf(goodLook(region, vantage, slot + 100))),
    dns: [],
    ...part,
  };
}

export function lookOf({ vantage: _own, ...look }: Observation): ObservationBatch["observations"][number] {
  return look;
}

export function answerOf({ vantage: _own, ...answer }: DnsObservation): ObservationBatch["dns"][number] {
  return answer;
}

export interface SignedBatch {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** As `monitor vantage` sends it at `at`. */
export async function signedBatch(batch: ObservationBatch, at: number, secret = OFFICE_SECRET): Promise<SignedBatch> {
  return signedText(batchId(batch.vantage, batch.slot), batchText(batch), at, secret);
}

export async function signedText(
  id: string,
  body: string,
  at: number,
  secret: string | null = OFFICE_SECRET,
): Promise<SignedBatch> {
  return { headers: { ...(await signedHeaders(id, body, secret, at)), "content-type": "application/json" }, body };
}
