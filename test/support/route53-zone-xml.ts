// The parts of a zone of a few records as the Route 53 API answers them, in its XML.
import { type WrittenAnswer, xml } from "./route53-server.ts";

export function zoneXml(id: string, kind: "private" | "public"): string {
  const flag = kind === "private";
  return `<HostedZone><Id>/hostedzone/${id}</Id><Name>multicloud.example.com.</Name><CallerReference>r</CallerReference><Config><PrivateZone>${flag}</PrivateZone></Config></HostedZone>`;
}

export function zonesXml(zones: string): WrittenAnswer {
  const inside = `<HostedZones>${zones}</HostedZones><IsTruncated>false</IsTruncated><MaxItems>100</MaxItems>`;
  return xml("ListHostedZonesByNameResponse", inside);
}

export function recordXml(setIdentifier: string, checkId: string): string {
  return `<ResourceRecordSet><Name>demo.multicloud.example.com.</Name><Type>A</Type><SetIdentifier>${setIdentifier}</SetIdentifier><Weight>1</Weight><TTL>60</TTL><ResourceRecords><ResourceRecord><Value>192.0.2.10</Value></ResourceRecord></ResourceRecords><HealthCheckId>${checkId}</HealthCheckId></ResourceRecordSet>`;
}

export function recordsXml(records: string, next: string): WrittenAnswer {
  const more = next !== "";
  const inside = `<ResourceRecordSets>${records}</ResourceRecordSets><IsTruncated>${more}</IsTruncated>${next}<MaxItems>300</MaxItems>`;
  return xml("ListResourceRecordSetsResponse", inside);
}

export const NEXT =
  "<NextRecordName>demo.multicloud.example.com.</NextRecordName><NextRecordType>A</NextRecordType><NextRecordIdentifier>b</NextRecordIdentifier>";

export function checkXml(id: string, config: string): WrittenAnswer {
  const inside = `<HealthCheck><Id>${id}</Id><CallerReference>c</CallerReference><HealthCheckConfig>${config}</HealthCheckConfig><HealthCheckVersion>7</HealthCheckVersion></HealthCheck>`;
  return xml("GetHealthCheckResponse", inside);
}
