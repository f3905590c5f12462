// What a person reads of a difference: the place as it stands in the object, also where a whole part is not there.
import { expect, test } from "vitest";
import { driftRemarks } from "../../../monitor/clusters/drift.ts";

test.each([
  { spec: null, says: ['spec is null, expected {"replicas":3}'] },
  { spec: undefined, says: ['spec is not there, expected {"replicas":3}'] },
  { spec: {}, says: ["spec.replicas is not there, expected 3"] },
  { spec: { replicas: 2, paused: true }, says: ["spec.replicas is 2, expected 3"] },
])("of the spec $spec is said: $says", ({ spec, says }) => {
  const live = spec === undefined ? {} : { spec };
  expect(driftRemarks({ spec: { replicas: 3 } }, live, "spec").map(({ message }) => message)).toEqual(says);
});
