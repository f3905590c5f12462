// The snapshot file: one hosted zone as the API gave it at one instant, in the API's own shapes. Everything that reads a
// zone can work from it alone, because the API is least to be had when failover matters most.
import * as z from "zod/mini";
import { list, text, wholeNumber } from "../topology/form.ts";
import { parseIso } from "../time.ts";
import { HEALTH_CHECK, HEALTH_CHECKS_MAX, RECORD_SET, RECORD_SETS_MAX, shape } from "./aws-shapes.ts";

export const SNAPSHOT_KIND = "route53-snapshot";

/** Checkers of one health check; Route 53 has about two in each of eight regions. */
const OBSERVATIONS_MAX = 256;
const COLLECTIONS_MAX = 100;
const LOCATIONS_MAX = 1000;
const BLOCKS_MAX = 100_000;
const NOTES_MAX = 1000;

const instant = text((value) => parseIso(value) !== null, "an instant such as 2026-11-22T12:00:00.000Z");
const word = z.string("a text");

/** What one of Route 53's checkers saw last (API Reference, HealthCheckObservation). */
const OBSERVATION = shape({
  Region: z.optional(word),
  IPAddress: z.optional(word),
  StatusReport: z.optional(shape({ Status: z.optional(word), CheckedTime: z.optional(word) })),
});

const CIDR_COLLECTION = shape({
  Id: word,
  Name: z.optional(word),
  Locations: list(
    shape({ LocationName: word, CidrBlocks: list(word, [0, BLOCKS_MAX], "CIDR blocks") }),
    [0, LOCATIONS_MAX],
    "locations",
  ),
});

export const SNAPSHOT = z.strictObject(
  {
    schemaVersion: z.literal(1, "1, the version of snapshot that this program reads"),
    kind: z.literal(SNAPSHOT_KIND, SNAPSHOT_KIND),
    pulledAt: instant,
    hostedZone: shape({
      Id: word,
      Name: word,
      Config: z.optional(shape({ PrivateZone: z.optional(z.boolean("true or false")) })),
    }),
    /** Name servers of the delegation set; empty for a private zone. */
    nameServers: z._default(list(word, [0, 16], "name servers"), []),
    /** Ids of the other public zones of the account that have the same name. */
    sameName: z._default(list(word, [0, 100], "ids of hosted zones"), []),
    resourceRecordSets: list(RECORD_SET, [0, RECORD_SETS_MAX], "record sets"),
    healthChecks: list(HEALTH_CHECK, [0, HEALTH_CHECKS_MAX], "health checks"),
    /** Ids that record sets name and the API does not know. */
    missingHealthChecks: z._default(list(word, [0, HEALTH_CHECKS_MAX], "ids"), []),
    /** By health check id. */
    observations: z._default(
      z.record(z.string(), list(OBSERVATION, [0, OBSERVATIONS_MAX], "observations"), "observations by health check id"),
      {},
    ),
    /** CloudWatch's HealthCheckStatus by health check id: 1 healthy, 0 unhealthy, null no data. */
    cloudWatchStatus: z._default(
      z.record(z.string(), z.nullable(wholeNumber([0, 1], "")), "status by health check id"),
      {},
    ),
    cidrCollections: z._default(list(CIDR_COLLECTION, [0, COLLECTIONS_MAX], "CIDR collections"), []),
    /** Names and types that no change batch may touch (API Reference, ResourceRecordSetProtection). */
    protections: z._default(
      list(shape({ RecordName: word, RecordType: word }), [0, RECORD_SETS_MAX], "protections"),
      [],
    ),
    /** What could not be read, and why: the snapshot is as complete as this list is empty. */
    notes: z._default(list(word, [0, NOTES_MAX], "notes"), []),
  },
  "a snapshot of a hosted zone",
);

export type Snapshot = z.output<typeof SNAPSHOT>;

/** As it is written to a file; what lint says of a zone that was just read points into the same lines. */
export function snapshotText(snapshot: Snapshot): string {
  return `${JSON.stringify(snapshot, null, 2)}\n`;
}
