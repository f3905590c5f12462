// The rendered payloads before AWS's own client: its model drops what it does not know, so all that we write must arrive.
import {
  ChangeResourceRecordSetsCommand,
  type ChangeBatch,
  CreateHealthCheckCommand,
  type CreateHealthCheckCommandInput,
  HealthCheckRegion,
  HealthCheckType,
  ResourceRecordSetFailover,
  ResourceRecordSetRegion,
  Route53Client,
  RRType,
} from "@aws-sdk/client-route-53";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderRoute53 } from "../../monitor/render/route53.ts";
import type { AwsIds } from "../../monitor/zone/to-aws.ts";
import { topologyOfClusters } from "../render/topologies.ts";
import { errorXml, type Route53Server, startRoute53Server } from "../support/route53-server.ts";

const IDS: AwsIds = { zoneId: "Z0123456789EXAMPLE", checkId: (id) => `check-of-${id}` };
const files = renderRoute53(topologyOfClusters(4), IDS).filter(({ path }) => path.endsWith(".json"));
const payloads = files.map(({ path, text }) => ({ path, payload: JSON.parse(text) as unknown }));

/** Values that the model names one by one; a compiler sees those of our code, not those of a rendered text. */
const ENUMS: Readonly<Record<string, readonly string[]>> = {
  Type: [...Object.values(RRType), ...Object.values(HealthCheckType)],
  Region: Object.values(ResourceRecordSetRegion),
  Regions: Object.values(HealthCheckRegion),
  Failover: Object.values(ResourceRecordSetFailover),
};

interface Leaf {
  readonly key: string;
  readonly value: string;
}

/** In the order of the text; items of a list are under the list's key. */
function leaves(value: unknown, key = ""): readonly Leaf[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => leaves(item, key));
  if (typeof value !== "object" || value === null) return [{ key, value: String(value) }];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, name));
}

function leavesOfXml(xml: string): readonly string[] {
  return [...xml.matchAll(/<(\w+)>([^<]+)<\/\1>/g)].map(([, , text = ""]) => text.replaceAll("&apos;", "'"));
}

let server: Route53Server;
let client: Route53Client;
beforeAll(async () => {
  server = await startRoute53Server(() => errorXml("InvalidInput", "only looked at", 400));
  client = new Route53Client({
    endpoint: server.url,
    region: "us-east-1",
    maxAttempts: 1,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "not-a-secret" },
  });
});
afterAll(async () => {
  client.destroy();
  await server.close();
});

async function arrived(payload: unknown): Promise<readonly string[]> {
  const sent = Array.isArray(payload)
    ? payload.map((input: unknown) => client.send(new CreateHealthCheckCommand(input as CreateHealthCheckCommandInput)))
    : [
        client.send(
          new ChangeResourceRecordSetsCommand({ HostedZoneId: IDS.zoneId, ChangeBatch: payload as ChangeBatch }),
        ),
      ];
  const before = server.bodies.length;
  await Promise.allSettled(sent);
  return server.bodies.slice(before).flatMap(leavesOfXml);
}

test("both scenarios are looked at, in both forms", () => {
  expect(payloads.map(({ path }) => path)).toHaveLength(6);
});

describe.each(payloads)("$path", ({ payload }) => {
  test("reaches the API whole", async () => {
    const written = leaves(payload).map(({ value }) => value);
    expect(written.length).toBeGreaterThan(10);
    expect((await arrived(payload)).toSorted()).toEqual(written.toSorted());
  });

  test("has no value that the model does not name", () => {
    const named = leaves(payload).filter(({ key }) => ENUMS[key] !== undefined);
    expect(named.length).toBeGreaterThan(1);
    expect(named.filter(({ key, value }) => ENUMS[key]?.includes(value) !== true)).toEqual([]);
  });
});

test("a key that the model does not have does not arrive", async () => {
  const batch = { Changes: [{ Action: "UPSERT", ResourceRecordSet: { Name: "a.", Type: "A", Healthcheck: "x" } }] };
  expect(await arrived(batch)).toEqual(["UPSERT", "a.", "A"]);
});
