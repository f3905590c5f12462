// Pulls a zone from written answers of the API, on a virtual clock.
import { Route53Client } from "@aws-sdk/client-route-53";
import { boundAnswers } from "../../monitor/node/aws-body.ts";
import { makeAwsCaller } from "../../monitor/node/aws-call.ts";
import { type Pulled, type PullWish, pullZone, type StatusReader } from "../../monitor/node/zone-pull.ts";
import type { Snapshot } from "../../monitor/zone/snapshot.ts";
import { errorXml, startRoute53Server, type WrittenAnswer, xml } from "./route53-server.ts";
import { checkXml, NEXT, recordsXml, recordXml, zonesXml, zoneXml } from "./route53-zone-xml.ts";
import { makeVirtualClock } from "./virtual-clock.ts";

const START = Date.UTC(2026, 10, 22, 12);
export const BY_NAME: PullWish = { zone: { by: "name", name: "multicloud.example.com" }, observations: "skip" };
export const BY_ID: PullWish = { zone: { by: "id", id: "Z1" }, observations: "skip" };
export const HTML: WrittenAnswer = {
  status: 200,
  type: "text/html",
  body: "<html><body>Sign in to the Wi-Fi</body></html>",
};

export const HTTPS_CONFIG = "<IPAddress>192.0.2.10</IPAddress><Port>443</Port><Type>HTTPS</Type>";
const CALCULATED_CONFIG =
  "<Type>CALCULATED</Type><HealthThreshold>1</HealthThreshold><ChildHealthChecks><ChildHealthCheck>child</ChildHealthCheck></ChildHealthChecks>";

/** A zone of two pages whose second begins inside a group, with a calculated check, its child, and a check that is gone. */
export function wholeZone(request: string): WrittenAnswer {
  if (request.includes("/hostedzonesbyname")) return zonesXml(zoneXml("Z1", "public"));
  if (request.includes("/hostedzone/Z1/rrset?"))
    return request.includes("identifier=b")
      ? recordsXml(`${recordXml("b", "gone")}${recordXml("c", "calculated")}`, "")
      : recordsXml(recordXml("a", "plain"), NEXT);
  if (request.endsWith("/healthcheck/plain") || request.endsWith("/healthcheck/child"))
    return checkXml(request.split("/").at(-1) ?? "", HTTPS_CONFIG);
  if (request.endsWith("/healthcheck/calculated")) return checkXml("calculated", CALCULATED_CONFIG);
  if (request.endsWith("/healthcheck/gone"))
    return errorXml("NoSuchHealthCheck", "No health check exists with the specified ID.", 404);
  if (request.endsWith("/status"))
    return xml(
      "GetHealthCheckStatusResponse",
      "<HealthCheckObservations><HealthCheckObservation><Region>eu-west-1</Region><IPAddress>15.177.2.1</IPAddress><StatusReport><Status>Failure: HTTP Status Code 503, Service Temporarily Unavailable. Resolved IP: 192.0.2.10</Status><CheckedTime>2026-11-22T11:59:50Z</CheckedTime></StatusReport></HealthCheckObservation></HealthCheckObservations>",
    );
  if (request.includes("protection"))
    return xml(
      "ListResourceRecordSetProtectionsResponse",
      "<ResourceRecordSetProtections><ResourceRecordSetProtection><RecordName>demo.multicloud.example.com.</RecordName><RecordType>A</RecordType></ResourceRecordSetProtection></ResourceRecordSetProtections>",
    );
  const nameServers = "<NameServers><NameServer>ns-1.awsdns-01.org</NameServer></NameServers>";
  return xml("GetHostedZoneResponse", `${zoneXml("Z1", "public")}<DelegationSet>${nameServers}</DelegationSet>`);
}

export interface Pull {
  readonly pulled: Pulled;
  readonly asked: readonly string[];
  /** On the virtual clock. */
  readonly tookMs: number;
  readonly told: readonly string[];
}

export async function pull(
  answer: (request: string, before: number) => WrittenAnswer,
  wish: PullWish = BY_NAME,
  cloudWatch: StatusReader | null = null,
): Promise<Pull> {
  const server = await startRoute53Server(answer);
  const client = new Route53Client({
    endpoint: server.url,
    region: "us-east-1",
    maxAttempts: 1,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "not-a-secret" },
  });
  boundAnswers(client);
  const clock = makeVirtualClock(START);
  const told: string[] = [];
  const caller = makeAwsCaller({ clock, random: () => 0.5, tell: (line) => told.push(line) });
  const pulled = await pullZone(client, caller, wish, cloudWatch, START);
  client.destroy();
  await server.close();
  return { pulled, asked: server.asked, tookMs: clock.now() - START, told };
}

export function snapshotOf({ pulled }: Pull): Snapshot {
  if (pulled.kind === "failed") throw new Error(pulled.detail);
  return pulled.snapshot;
}
