// The shape of a bucket report in which nothing was seen, for faces that only hand it on.
import { makeBucketReport } from "../../../monitor/report/bucket-report.ts";
import { HOUR_MS } from "../../../monitor/time.ts";
import { EXAMPLE } from "../../support/example-topology.ts";

export const NO_BUCKETS = makeBucketReport(EXAMPLE, [], "hour", { from: 0, to: HOUR_MS }, HOUR_MS);
