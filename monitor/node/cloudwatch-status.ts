// CloudWatch's word on health checks: the metric HealthCheckStatus, which exists in us-east-1 alone and is Route 53's own
// verdict, where observations are only what each checker saw last (Developer Guide, "Monitoring health checks using CloudWatch").
import { type CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import type { Instant } from "../time.ts";
import { MINUTE_MS, SECOND_MS } from "../time.ts";
import type { AwsCaller, AwsReply } from "./aws-call.ts";
import type { StatusReader } from "./zone-pull.ts";

export const CLOUDWATCH_REGION = "us-east-1";
/** GetMetricData takes so many queries at once (API Reference). */
const QUERIES_MAX = 500;
const PERIOD_SECONDS = 60;
/** Data points arrive a few minutes late. */
const LOOK_BACK_MS = 10 * MINUTE_MS;
const PACE = { everyMs: SECOND_MS };

/** The latest minute's status of each check; null where there is no data. */
export function makeStatusReader(client: CloudWatchClient, caller: AwsCaller, at: Instant): StatusReader {
  return async (ids) => {
    const found: Record<string, 0 | 1 | null> = Object.fromEntries(ids.map((id) => [id, null]));
    for (let first = 0; first < ids.length; first += QUERIES_MAX) {
      const reply = await readSome(client, caller, ids.slice(first, first + QUERIES_MAX), at);
      if (reply.kind === "failed") return reply;
      Object.assign(found, reply.value);
    }
    return { kind: "reply", value: found };
  };
}

async function readSome(
  client: CloudWatchClient,
  caller: AwsCaller,
  ids: readonly string[],
  at: Instant,
): Promise<AwsReply<Readonly<Record<string, 0 | 1>>>> {
  const reply = await caller.call("GetMetricData", PACE, () =>
    client.send(
      new GetMetricDataCommand({
        StartTime: new Date(at - LOOK_BACK_MS),
        EndTime: new Date(at),
        ScanBy: "TimestampDescending",
        MetricDataQueries: ids.map(queryOf),
      }),
    ),
  );
  if (reply.kind === "failed") return reply;
  const { MetricDataResults: results } = reply.value;
  if (results === undefined) {
    const detail = "GetMetricData: the answer is not one of AWS's: it has no results";
    return { kind: "failed", failure: { cause: "not-understood", detail } };
  }
  const latest = results.flatMap(({ Id: name, Values: [value] = [] }) => {
    const id = ids[Number((name ?? "").slice(1))];
    return id === undefined || value === undefined ? [] : [[id, value >= 1 ? 1 : 0] as const];
  });
  return { kind: "reply", value: Object.fromEntries(latest) };
}

/** Named by its place, because a query's id may not hold a health check's. */
function queryOf(id: string, index: number): MetricDataQuery {
  return {
    Id: `h${index}`,
    MetricStat: {
      Metric: {
        Namespace: "AWS/Route53",
        MetricName: "HealthCheckStatus",
        Dimensions: [{ Name: "HealthCheckId", Value: id }],
      },
      Period: PERIOD_SECONDS,
      Stat: "Minimum",
    },
  };
}
