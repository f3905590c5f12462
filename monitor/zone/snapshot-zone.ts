// A snapshot as the zone that it was taken of, for everybody who asks what that zone answers.
import type { AwsZone } from "./from-aws.ts";
import type { Snapshot } from "./snapshot.ts";

export function snapshotZone(snapshot: Snapshot): AwsZone {
  return {
    id: snapshot.hostedZone.Id,
    name: snapshot.hostedZone.Name,
    recordSets: snapshot.resourceRecordSets,
    healthChecks: snapshot.healthChecks,
    cidrCollections: snapshot.cidrCollections.map(({ Id, Locations }) => ({
      id: Id,
      locations: Locations.map(({ LocationName, CidrBlocks }) => ({ name: LocationName, blocks: CidrBlocks })),
    })),
  };
}
