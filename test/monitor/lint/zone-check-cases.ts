import type { ZoneCase } from "./zone-case.ts";
import { checks, type DraftZone, REGIONS, SOUND } from "./zones.ts";

const onlyCheck = (fields: Readonly<Record<string, unknown>>): DraftZone => ({
  records: [],
  checks: [{ Id: "c", HealthCheckConfig: fields }],
  rest: {},
});

export const CHECK_CASES: readonly ZoneCase[] = [
  {
    rule: "R53-HC-DISABLED",
    bad: checks({ Disabled: true }),
    at: ["check 0"],
    says: "pins it healthy",
    good: checks({ Disabled: false }),
  },
  {
    rule: "R53-HC-INVERTED",
    bad: checks({ Inverted: true }),
    at: ["check 0"],
    says: "healthy counts as unhealthy",
    good: checks({ Inverted: false }),
  },
  {
    rule: "R53-HC-SHALLOW",
    bad: checks({ Type: "HTTPS", SearchString: undefined }),
    at: ["check 0"],
    says: "any answer with a status from 200 to 399",
    good: SOUND,
  },
  {
    rule: "R53-HC-SHALLOW",
    name: "of a port",
    bad: checks({ Type: "TCP", Port: 443, SearchString: undefined }),
    at: ["check 0"],
    says: "it only connects to port 443",
    good: SOUND,
  },
  {
    rule: "R53-SNI-OFF",
    bad: checks({ EnableSNI: false }),
    at: ["check 0"],
    says: "aws.example.com is sent as Host but not as server name",
    good: checks({ Type: "HTTP_STR_MATCH", EnableSNI: false }),
  },
  {
    rule: "R53-FEW-REGIONS",
    bad: checks({ Regions: REGIONS }),
    at: ["check 0"],
    says: "from 4 of 8 regions: eu-west-1, us-east-1",
    good: checks({ Regions: [...REGIONS, "sa-east-1"] }),
  },
  {
    rule: "R53-PRIVATE-ENDPOINT",
    bad: checks({ IPAddress: "10.1.2.3" }),
    at: ["check 0"],
    says: "10.1.2.3 is a private address",
    good: checks({ IPAddress: "192.0.2.3" }),
  },
  {
    rule: "R53-PRIVATE-ENDPOINT",
    name: "of an internal load balancer",
    bad: onlyCheck({ Type: "TCP", Port: 443, FullyQualifiedDomainName: "internal-demo-1.us-east-1.elb.amazonaws.com" }),
    at: ["check 0"],
    says: "is an internal load balancer",
    good: onlyCheck({ Type: "TCP", Port: 443, FullyQualifiedDomainName: "demo-1.us-east-1.elb.amazonaws.com" }),
  },
  {
    rule: "R53-CALC-THRESHOLD",
    bad: onlyCheck({ Type: "CALCULATED", HealthThreshold: 2, ChildHealthChecks: ["a"] }),
    at: ["check 0"],
    says: "the threshold is 2 with 1 children: always unhealthy",
    good: onlyCheck({ Type: "CALCULATED", HealthThreshold: 2, ChildHealthChecks: ["a", "b"] }),
  },
  {
    rule: "R53-CALC-THRESHOLD",
    name: "of 0",
    bad: onlyCheck({ Type: "CALCULATED", HealthThreshold: 0, ChildHealthChecks: ["a"] }),
    at: ["check 0"],
    says: "always healthy",
    good: onlyCheck({ Type: "CALCULATED", HealthThreshold: 1, ChildHealthChecks: ["a"] }),
  },
  {
    rule: "R53-CW-INSUFFICIENT",
    bad: onlyCheck({ Type: "CLOUDWATCH_METRIC", InsufficientDataHealthStatus: "LastKnownStatus" }),
    at: ["check 0"],
    says: "without data it is LastKnownStatus",
    good: onlyCheck({ Type: "CLOUDWATCH_METRIC", InsufficientDataHealthStatus: "Unhealthy" }),
  },
];
