import type { ZoneCase } from "./zone-case.ts";
import {
  alias,
  check,
  checks,
  type DraftZone,
  LATENCY,
  LEAF,
  OK,
  pair,
  PRIMARY,
  record,
  SECONDARY,
  seen,
  SOUND,
  zoneWith,
} from "./zones.ts";

const weighted = (id: string, fields: object) =>
  record("192.0.2.10", { Name: LEAF, SetIdentifier: id, Weight: 1, ...fields });
const treeOf = (evaluate: boolean, leaves: readonly Readonly<Record<string, unknown>>[]): DraftZone =>
  zoneWith({
    records: [
      alias(LEAF, { SetIdentifier: "aws", Failover: "PRIMARY" }, evaluate),
      record("192.0.2.20", SECONDARY),
      ...leaves,
    ],
  });

export const ATTACHED_CASES: readonly ZoneCase[] = [
  {
    rule: "R53-SELF-REF",
    bad: checks({ IPAddress: "", FullyQualifiedDomainName: "Demo.Example.com." }),
    at: ["record 0"],
    says: "health check aws resolves demo.example.com, the name of this record",
    good: checks({ FullyQualifiedDomainName: "demo.example.com" }),
  },
  {
    rule: "R53-SELF-REF",
    name: "through an alias above the record",
    bad: {
      ...treeOf(true, [weighted("a", { HealthCheckId: "aws" })]),
      checks: [check("aws", { FullyQualifiedDomainName: "demo.example.com" }), ...SOUND.checks.slice(1)],
    },
    at: ["record 2"],
    says: "which leads to this record",
    good: {
      ...treeOf(true, [weighted("a", { HealthCheckId: "aws" })]),
      checks: [check("aws", { FullyQualifiedDomainName: "origin.example.com" }), ...SOUND.checks.slice(1)],
    },
  },
  {
    rule: "R53-SELF-REF",
    name: "through a wildcard",
    bad: {
      ...checks({ IPAddress: undefined, FullyQualifiedDomainName: "any.example.com" }),
      records: SOUND.records.map((one) => ({ ...one, Name: "\\052.example.com." })),
    },
    at: ["record 0"],
    says: "health check aws resolves any.example.com, which leads to this record",
    good: {
      ...checks({ IPAddress: undefined, FullyQualifiedDomainName: "any.example.com" }),
      records: [
        ...SOUND.records.map((one) => ({ ...one, Name: "\\052.example.com." })),
        record("192.0.2.10", { Name: "any.example.com." }),
      ],
    },
  },
  {
    rule: "R53-SELF-REF",
    name: "by a child of a calculated check",
    bad: zoneWith({
      records: [record("192.0.2.10", { ...PRIMARY, HealthCheckId: "sum" }), ...SOUND.records.slice(1)],
      checks: [
        ...SOUND.checks,
        check("child", { FullyQualifiedDomainName: "demo.example.com" }),
        {
          Id: "sum",
          HealthCheckConfig: { Type: "CALCULATED", HealthThreshold: 1, ChildHealthChecks: ["deleted", "child"] },
        },
      ],
    }),
    at: ["record 0"],
    says: "health check sum resolves demo.example.com",
    good: zoneWith({ checks: [...SOUND.checks, check("child", { FullyQualifiedDomainName: "demo.example.com" })] }),
  },
  {
    rule: "R53-PRIMARY-ALWAYS-HEALTHY",
    bad: treeOf(false, []),
    at: ["record 0"],
    says: "without EvaluateTargetHealth and without a health check",
    good: treeOf(true, []),
  },
  {
    rule: "R53-ALIAS-NO-ETH",
    bad: pair(
      { Region: "us-east-1" },
      alias("elb.example.net.", { Region: "eu-west-3", ResourceRecords: undefined }, false),
    ),
    at: ["record 1"],
    says: "elb.example.net is answered whatever its health",
    severity: "warning",
    good: pair({ Region: "us-east-1" }, alias("elb.example.net.", { Region: "eu-west-3", ResourceRecords: undefined })),
  },
  {
    rule: "R53-ALIAS-NO-ETH",
    name: "where there is no health check either",
    bad: zoneWith({
      records: [...LATENCY.records, alias("x.example.net.", { SetIdentifier: "x", Region: "sa-east-1" }, false)],
    }),
    at: ["record 2"],
    says: "and there is no health check",
    severity: "error",
    good: zoneWith({ records: [...LATENCY.records, alias("x.example.net.", { Name: "x.example.com." }, false)] }),
  },
  {
    rule: "R53-ALIAS-NO-ETH",
    name: "of a secondary within the zone",
    bad: zoneWith({
      records: [
        record("192.0.2.10", PRIMARY),
        alias(LEAF, { ...SECONDARY, HealthCheckId: undefined }, false),
        weighted("a", { HealthCheckId: "gcp" }),
      ],
    }),
    at: ["record 1"],
    says: "aws.example.com is answered whatever its health",
    good: zoneWith({
      records: [
        record("192.0.2.10", PRIMARY),
        alias("s3-website.example.net.", { ...SECONDARY, HealthCheckId: undefined }, false),
      ],
    }),
  },
  {
    rule: "R53-LEAF-NO-HC",
    bad: pair({ Weight: 1 }, { Weight: 1, HealthCheckId: undefined }),
    at: ["record 1"],
    says: "no health check, beside aws, which has one",
    good: pair({ Weight: 1, HealthCheckId: undefined }, { Weight: 1, HealthCheckId: undefined }),
  },
  {
    rule: "R53-LEAF-NO-HC",
    name: "under an alias that evaluates its health",
    bad: treeOf(true, [weighted("a", {})]),
    at: ["record 2"],
    says: "that branch is always healthy",
    good: treeOf(true, [weighted("a", { HealthCheckId: "aws" })]),
  },
  {
    rule: "R53-SECONDARY-NO-HC",
    bad: zoneWith({
      records: [record("192.0.2.10", PRIMARY), record("192.0.2.20", { ...SECONDARY, HealthCheckId: undefined })],
    }),
    at: ["record 1"],
    says: "neither a health check nor an alias",
    good: zoneWith({
      records: [record("192.0.2.10", PRIMARY), alias("elb.example.net.", { ...SECONDARY, HealthCheckId: undefined })],
    }),
  },
  {
    rule: "R53-SECONDARY-NO-HC",
    name: "and not of its primary",
    bad: zoneWith({
      records: [
        record("192.0.2.10", { ...PRIMARY, HealthCheckId: undefined }),
        record("192.0.2.20", { ...SECONDARY, HealthCheckId: undefined }),
      ],
    }),
    at: ["record 1"],
    says: "the secondary has neither",
    good: zoneWith({
      records: [record("192.0.2.10", { ...PRIMARY, HealthCheckId: undefined }), record("192.0.2.20", SECONDARY)],
    }),
  },
  {
    rule: "R53-SHARED-HC",
    bad: zoneWith({
      records: [record("192.0.2.10", PRIMARY), record("192.0.2.10", { ...SECONDARY, HealthCheckId: "aws" })],
    }),
    at: ["record 1"],
    says: "health check aws is that of aws as well",
    good: pair({ Weight: 1, HealthCheckId: "aws" }, { Weight: 1, HealthCheckId: "aws" }),
  },
  {
    rule: "R53-HC-DELETED",
    bad: zoneWith({ checks: SOUND.checks.slice(1), rest: { missingHealthChecks: ["aws"] } }),
    at: ["record 0"],
    says: "health check aws does not exist",
    good: zoneWith({ checks: SOUND.checks.slice(1), rest: { notes: ["health check aws: AccessDenied"] } }),
  },
  {
    rule: "R53-HC-WRONG-ENDPOINT",
    bad: checks({ IPAddress: "192.0.2.99" }),
    at: ["record 0"],
    says: "looks at 192.0.2.99, the record answers 192.0.2.10",
    good: checks({}),
  },
  {
    rule: "R53-HC-WRONG-ENDPOINT",
    name: "by a name that the zone has",
    bad: {
      ...checks({ IPAddress: undefined }),
      records: [...SOUND.records, record("192.0.2.20", { Name: LEAF })],
    },
    at: ["record 0"],
    says: "looks at 192.0.2.20 by the name aws.example.com",
    good: {
      ...checks({ IPAddress: undefined }),
      records: [...SOUND.records, record("192.0.2.10", { Name: LEAF })],
    },
  },
  {
    rule: "R53-HC-WRONG-ENDPOINT",
    name: "by what the checkers resolved",
    bad: {
      ...checks({ IPAddress: undefined }),
      rest: { observations: { aws: seen(`${OK}. Resolved IP: 192.0.2.20`) } },
    },
    at: ["record 0"],
    says: "looks at 192.0.2.20",
    good: {
      ...checks({ IPAddress: undefined }),
      rest: { observations: { aws: seen(`${OK}. Resolved IP: 192.0.2.10`) } },
    },
  },
];
