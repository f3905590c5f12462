import type { ZoneCase } from "./zone-case.ts";
import { type DraftZone, LATENCY, OK, DOWN, REGIONS, seen, zoneWith } from "./zones.ts";

const TIMEOUT = "Failure: Connection timed out. The endpoint or the internet connection is down";
const seenBy = (aws: object, gcp: object = seen(OK)): DraftZone => zoneWith({ rest: { observations: { aws, gcp } } });

export const SEEN_CASES: readonly ZoneCase[] = [
  {
    rule: "R53-FAIL-OPEN",
    bad: { ...LATENCY, rest: { observations: { aws: seen(DOWN), gcp: seen(DOWN) } } },
    at: ["record 0"],
    says: "all records of demo.example.com were unhealthy at 2026-11-22T12:00:00.000Z",
    good: { ...LATENCY, rest: { observations: { aws: seen(DOWN), gcp: seen(OK) } } },
  },
  {
    rule: "R53-BOTH-DOWN-PRIMARY",
    bad: zoneWith({ rest: { cloudWatchStatus: { aws: 0, gcp: 0 } } }),
    at: ["record 0"],
    says: "aws answered all the same",
    good: zoneWith({ rest: { cloudWatchStatus: { aws: 0, gcp: null } } }),
  },
  {
    rule: "R53-3XX-HEALTHY",
    bad: seenBy(seen("Success: HTTP Status Code 301, Moved Permanently")),
    at: ["check 0"],
    says: "2 of 2 checkers were answered 301",
    good: seenBy(seen("Failure: HTTP Status Code 301, Moved Permanently")),
  },
  {
    rule: "R53-FW-PARTIAL",
    bad: seenBy([...seen(TIMEOUT, ["us-west-1"]), ...seen(OK, ["us-east-1", "eu-west-1"])]),
    at: ["check 0"],
    says: "no checker in us-west-1 gets an answer, 2 of 3 do",
    severity: "warning",
    good: seenBy([...seen(DOWN, ["us-west-1"]), ...seen(OK, ["us-east-1", "eu-west-1"])]),
  },
  {
    rule: "R53-FW-PARTIAL",
    name: "one checker before it is unhealthy",
    bad: seenBy([...seen(TIMEOUT, REGIONS), ...seen(OK, ["sa-east-1"])]),
    at: ["check 0"],
    says: "one fewer, and it is unhealthy",
    severity: "error",
    good: seenBy([...seen(TIMEOUT, REGIONS), ...seen(DOWN, ["sa-east-1"])]),
  },
  {
    rule: "R53-FW-BLOCKED",
    bad: seenBy(seen(TIMEOUT)),
    at: ["check 0"],
    says: "all 2 checkers time out",
    good: seenBy([...seen(TIMEOUT), ...seen(DOWN)]),
  },
];
