// What a private vantage sends, as text: made by `monitor vantage` and read by the monitor, so both ends are here. Times are ISO
// 8601 on the way, every list and every text has its bound, and what is read is as plain as what our own vantages say.
import * as z from "zod/mini";
import { FAILURE_CAUSES, type ObservationBatch, PHASES } from "../model/observation.ts";
import { type Instant, parseIso, toIso } from "../time.ts";
import { parseAddress } from "../topology/address.ts";
import { flag, list, mapping, oneOf, text, wholeNumber } from "../topology/form.ts";
import { DNS_LABEL } from "../topology/name.ts";
import { REGIONS_MAX } from "../topology/schema.ts";
import { storedBytes } from "../topology/stored-text.ts";
import { CLAIM_BYTES_MAX } from "../verify/claim.ts";

export const OBSERVATIONS_PATH = "/v1/observations";

/** Of the body: the largest topology that there can be, with everything failing in as many words as there may be, needs less. */
export const BATCH_BYTES_MAX = 262_144;
/** Two types by two ways. */
const QUESTIONS_MAX = 4;
/** Of one answer; what is kept of it follows from the zone. */
const ADDRESSES_MAX = 200;
const WORDS_BYTES_MAX = 1000;
const SERVER_CHARACTERS_MAX = 300;
const LOOK_MS_MAX = 600_000;

const instant = text(isInstant, "an ISO 8601 time in UTC with milliseconds, such as 2026-11-28T12:00:00.000Z");
const words = text((value) => storedBytes(value) <= WORDS_BYTES_MAX, `a text of at most ${WORDS_BYTES_MAX} bytes`);
const claimWords = text((value) => storedBytes(value) <= CLAIM_BYTES_MAX, `a text of at most ${CLAIM_BYTES_MAX} bytes`);
const expectedMs = `milliseconds from 0 to ${LOOK_MS_MAX}`;
const milliseconds = z.number(expectedMs).check(z.minimum(0, expectedMs), z.maximum(LOOK_MS_MAX, expectedMs));
const status = wholeNumber([100, 599], "(an HTTP status)");

const failure = mapping({
  cause: oneOf(FAILURE_CAUSES, "a cause"),
  phase: z.exactOptional(oneOf(PHASES, "a phase")),
  detail: words,
});

const observation = mapping({
  region: text(DNS_LABEL, "a region's id"),
  at: instant,
  status: z.nullable(status),
  phases: mapping({
    dns: z.exactOptional(milliseconds),
    connect: z.exactOptional(milliseconds),
    tls: z.exactOptional(milliseconds),
    ttfb: z.exactOptional(milliseconds),
    transfer: z.exactOptional(milliseconds),
  }),
  totalMs: z.nullable(milliseconds),
  failure: z.nullable(failure),
  claim: z.nullable(
    mapping({
      hostname: claimWords,
      region: claimWords,
      podIP: claimWords,
      cluster: z.nullable(claimWords),
      version: z.nullable(claimWords),
      time: instant,
    }),
  ),
});

const reply = z.discriminatedUnion(
  "kind",
  [
    mapping({
      kind: z.literal("reply"),
      rcode: text(/^[A-Z0-9]{1,16}$/, "a DNS response code such as NOERROR"),
      authoritative: flag(),
      addresses: list(
        text((value) => parseAddress(value) !== null, "an IPv4 or IPv6 address"),
        [0, ADDRESSES_MAX],
        "addresses",
      ),
      ttlSeconds: z.nullable(wholeNumber([0, 2_147_483_647], "seconds")),
      scope: z.nullable(wholeNumber([0, 255], "bits")),
      elapsedMs: milliseconds,
    }),
    mapping({ kind: z.literal("failed"), failure }),
  ],
  { error: (issue) => (issue.code === "invalid_union" ? "reply or failed" : "a mapping with the key kind") },
);

const answer = mapping({
  name: text((value) => value.length <= 253, "a DNS name"),
  type: oneOf(["A", "AAAA"], "a record type"),
  view: oneOf(["authoritative", "recursive"], "which way the question went"),
  server: text(
    (value) => value.length > 0 && value.length <= SERVER_CHARACTERS_MAX && !/\p{Cc}/u.test(value),
    `a server's name of at most ${SERVER_CHARACTERS_MAX} characters`,
  ),
  at: instant,
  reply,
});

/** The body of `POST /v1/observations`. */
export const BATCH = mapping({
  vantage: text(DNS_LABEL, "the id of a private vantage"),
  slot: instant,
  looks: text(/^[0-9a-f]{16}$/, "16 hex digits, which `monitor vantage` makes of the topology"),
  observations: list(observation, [0, REGIONS_MAX], "observations"),
  dns: list(answer, [0, QUESTIONS_MAX], "answers"),
});

type WrittenBatch = z.infer<typeof BATCH>;

/** What was read, in numbers. */
export function batchOf({ observations, dns, slot, ...about }: WrittenBatch): ObservationBatch {
  return {
    ...about,
    slot: instantOf(slot),
    observations: observations.map(({ at, claim, phases, totalMs, ...seen }) => ({
      ...seen,
      at: instantOf(at),
      phases: Object.fromEntries(Object.entries(phases).map(([phase, ms]) => [phase, tenths(ms)])),
      totalMs: totalMs === null ? null : tenths(totalMs),
      claim: claim === null ? null : { ...claim, time: instantOf(claim.time) },
    })),
    dns: dns.map(({ at, reply: said, ...seen }) => ({
      ...seen,
      at: instantOf(at),
      reply:
        said.kind === "failed"
          ? said
          : { ...said, addresses: said.addresses.toSorted(), elapsedMs: tenths(said.elapsedMs) },
    })),
  };
}

/** JSON, which `BATCH` takes. */
export function batchText({ observations, dns, slot, ...about }: ObservationBatch): string {
  const written: WrittenBatch = {
    ...about,
    slot: toIso(slot),
    observations: observations.map(({ at, claim, phases, failure: failed, ...seen }) => ({
      ...seen,
      at: toIso(at),
      phases: { ...phases },
      failure: failed === null ? null : { ...failed },
      claim: claim === null ? null : { ...claim, time: toIso(claim.time) },
    })),
    dns: dns.map(({ at, reply: said, ...seen }) => ({
      ...seen,
      at: toIso(at),
      reply:
        said.kind === "failed"
          ? { kind: "failed", failure: { ...said.failure } }
          : { ...said, addresses: said.addresses.slice(0, ADDRESSES_MAX) },
    })),
  };
  return JSON.stringify(written);
}

/** Under this id a batch is signed: an attempt that is sent again has the same. */
export function batchId(vantage: string, slot: Instant): string {
  return `${vantage}_${slot}`;
}

/** Null: no batch has such an id. */
export function vantageOfBatch(id: string): string | null {
  return /^([a-z0-9-]{1,63})_\d{1,16}$/.exec(id)?.[1] ?? null;
}

function isInstant(value: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(value) && parseIso(value) !== null;
}

function instantOf(written: string): Instant {
  return parseIso(written) ?? 0;
}

/** As finely as our own looks are timed. */
function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
