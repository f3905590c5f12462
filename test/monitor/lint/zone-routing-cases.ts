import type { ZoneCase } from "./zone-case.ts";
import { checks, firstRecord, LATENCY, pair, PRIMARY, record, SECONDARY, SOUND, zoneWith } from "./zones.ts";

export const ROUTING_CASES: readonly ZoneCase[] = [
  {
    rule: "R53-FAILOVER-PAIR",
    bad: zoneWith({ records: SOUND.records.slice(0, 1) }),
    at: ["record 0"],
    says: "there is no SECONDARY of demo.example.com",
    good: SOUND,
  },
  {
    rule: "R53-TTL-HIGH",
    bad: firstRecord({ TTL: 61 }),
    at: ["record 0"],
    says: "the TTL is 61 s",
    good: firstRecord({ TTL: 60 }),
  },
  {
    rule: "R53-WEIGHT-TTL-MIX",
    bad: pair({ Weight: 1, TTL: 30 }, { Weight: 2 }),
    at: ["record 0"],
    says: "TTLs of 30 and 60 s",
    good: pair({ Region: "us-east-1", TTL: 30 }, { Region: "eu-west-3" }),
  },
  {
    rule: "R53-LAT-SINGLE",
    bad: zoneWith({ records: LATENCY.records.slice(0, 1) }),
    at: ["record 0"],
    says: "the only latency record",
    good: LATENCY,
  },
  {
    rule: "R53-LAT-REGION-UNKNOWN",
    bad: pair({ Region: "us-east-1" }, { Region: "EU" }),
    at: ["record 1"],
    says: 'expected an AWS region, found "EU"',
    good: LATENCY,
  },
  {
    rule: "R53-GEO-NO-DEFAULT",
    bad: pair({ GeoLocation: { ContinentCode: "EU" } }, { GeoLocation: { CountryCode: "US" } }),
    at: ["record 0"],
    says: "no record of demo.example.com is for everybody else",
    good: pair({ GeoLocation: { ContinentCode: "EU" } }, { GeoLocation: { CountryCode: "*" } }),
  },
  {
    rule: "R53-GEO-NO-DEFAULT",
    name: "of IP-based records",
    bad: pair(
      { CidrRoutingConfig: { CollectionId: "c", LocationName: "office" } },
      { CidrRoutingConfig: { CollectionId: "c", LocationName: "home" } },
    ),
    at: ["record 0"],
    says: "for everybody else",
    good: pair(
      { CidrRoutingConfig: { CollectionId: "c", LocationName: "office" } },
      { CidrRoutingConfig: { CollectionId: "c", LocationName: "*" } },
    ),
  },
  {
    rule: "R53-STATIC-ELB-IP",
    bad: checks({ IPAddress: undefined, FullyQualifiedDomainName: "demo-1.us-east-1.elb.amazonaws.com" }),
    at: ["record 0"],
    says: "it answers 192.0.2.10, and its health check looks at demo-1.us-east-1.elb.amazonaws.com",
    good: checks({ IPAddress: undefined, FullyQualifiedDomainName: "demo-1.elb.us-east-1.amazonaws.com" }),
  },
  {
    rule: "R53-AAAA-GAP",
    bad: zoneWith({ records: [...SOUND.records, record("2001:db8::10", {}, "AAAA")] }),
    at: ["record 2"],
    says: "IPv6 users get a simple record, 1 without a health check, IPv4 users 2 failover records",
    severity: "warning",
    good: zoneWith({
      records: [...SOUND.records, record("2001:db8::10", PRIMARY, "AAAA"), record("2001:db8::20", SECONDARY, "AAAA")],
    }),
  },
  {
    rule: "R53-AAAA-GAP",
    name: "of a region without IPv6",
    bad: zoneWith({
      records: [
        ...LATENCY.records,
        record("2001:db8::10", { SetIdentifier: "aws", Region: "us-east-1", HealthCheckId: "aws" }, "AAAA"),
      ],
    }),
    at: ["record 2"],
    says: "IPv6 users get 1 latency records, IPv4 users 2 latency records",
    severity: "note",
    good: LATENCY,
  },
  {
    rule: "R53-AAAA-GAP",
    name: "of a health check that only looks by IPv4",
    bad: {
      ...checks({ IPAddress: undefined }),
      records: [...SOUND.records, record("2001:db8::10", PRIMARY, "AAAA"), record("2001:db8::20", SECONDARY, "AAAA")],
    },
    at: ["record 2"],
    says: "looked at by IPv4 alone",
    good: checks({ IPAddress: undefined }),
  },
  {
    rule: "R53-EXTDNS-TXT",
    bad: zoneWith({
      records: [
        ...SOUND.records,
        record('"heritage=external-dns,external-dns/owner=a"', { ...PRIMARY, HealthCheckId: undefined }, "TXT"),
        record('"heritage=external-dns,external-dns/owner=b"', SECONDARY, "TXT"),
      ],
    }),
    at: ["record 2"],
    says: "no health check, made by external-dns",
    good: zoneWith({ records: [...SOUND.records, record('"heritage=external-dns"', {}, "TXT")] }),
  },
];
