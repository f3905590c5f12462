// What a drill's file may hold, field by field. What depends on more than one field is in `script-rules.ts`; whether it
// fits a topology, in `plan.ts`.
import * as z from "zod/mini";
import { list, mapping, oneOf, text, wholeNumber } from "../topology/form.ts";
import { DNS_LABEL } from "../topology/name.ts";
import { DNS_FAULT_NAMES, GATE_FAULT_NAMES } from "./faults.ts";
import { WEEKDAYS } from "./script.ts";

export const FAULTS_MAX = 8;
export const APPROVALS_MAX = 8;
export const WINDOWS_MAX = 32;
/** A drill that takes longer is no drill. */
export const FAULT_SECONDS_MAX = 3600;
export const EXPIRY_SECONDS_MAX = 2 * FAULT_SECONDS_MAX;
const TEXT_MAX = 2000;

const gateFaults = GATE_FAULT_NAMES.filter((name) => name !== "open");
const dnsFaults = DNS_FAULT_NAMES.filter((name) => name !== "open");

function seconds(most: number) {
  const expected = `a whole number from 1 to ${most} seconds, or policy`;
  const number = z.int(expected).check(z.minimum(1, expected), z.maximum(most, expected));
  return z.union([number, z.literal("policy")], expected);
}

const sentence = (what: string, most: number) =>
  text((value) => value.trim().length > 0 && value.length <= most, `${what} of at most ${most} characters`);
const region = text(DNS_LABEL, "primary, secondary, or the id of a region");
const vantage = text(DNS_LABEL, "the id of a vantage");
const timeOfDay = text(/^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$/, "a time of day from 00:00 to 24:00, in UTC");
const share = (expected: string) => z.number(expected).check(z.minimum(0, expected), z.maximum(1, expected));

const fault = z.discriminatedUnion(
  "lever",
  [
    mapping({
      lever: z.literal("gate"),
      region,
      fault: oneOf(gateFaults, "a fault of a gate"),
      onlyFrom: z._default(list(vantage, [0, FAULTS_MAX], "vantages"), []),
      flap: z._default(
        z.nullable(mapping({ downLooks: wholeNumber([1, 100], "looks"), upLooks: wholeNumber([1, 100], "looks") })),
        null,
      ),
    }),
    mapping({ lever: z.literal("dns-gate"), fault: oneOf(dnsFaults, "a fault of DNS") }),
    mapping({ lever: z.literal("route53-health-check"), region }),
    mapping({ lever: z.literal("kubefed-replicas"), region }),
    mapping({ lever: z.literal("karmada-replicas"), region }),
    mapping({
      lever: z.literal("istio-abort"),
      region,
      httpStatus: z._default(wholeNumber([400, 599], ""), 503),
      percent: z._default(wholeNumber([1, 100], "percent"), 100),
    }),
    mapping({ lever: z.literal("service-drain"), region }),
    mapping({ lever: z.literal("router-drain"), region }),
  ],
  {
    error: (issue) =>
      issue.code === "invalid_union"
        ? "a lever (gate, dns-gate, route53-health-check, kubefed-replicas, karmada-replicas, istio-abort, service-drain, router-drain)"
        : "a mapping with the key lever",
  },
);

const bound = z._default(z.nullable(seconds(EXPIRY_SECONDS_MAX)), null);
const lostShare = "a share from 0 to 1, such as 0.5";

const bounds = mapping({
  detectionSeconds: bound,
  failoverSeconds: bound,
  recoverySeconds: bound,
  failbackSeconds: bound,
  gapSeconds: bound,
  lostShareMax: z._default(z.nullable(share(lostShare)), null),
});

const abort = z.discriminatedUnion(
  "when",
  [
    mapping({ when: z.literal("bystander-unhealthy") }),
    mapping({
      when: z.literal("lost-share-over"),
      share: share(lostShare),
      windowSeconds: z._default(seconds(FAULT_SECONDS_MAX), "policy"),
    }),
    mapping({ when: z.literal("monitor-silent"), seconds: z._default(seconds(FAULT_SECONDS_MAX), "policy") }),
  ],
  {
    error: (issue) =>
      issue.code === "invalid_union"
        ? "a condition (bystander-unhealthy, lost-share-over, monitor-silent)"
        : "a mapping with the key when",
  },
);

const blockedWindow = mapping({
  days: z._default(list(oneOf(WEEKDAYS, "a day of the week"), [1, WEEKDAYS.length], "days of the week"), [...WEEKDAYS]),
  fromUtc: timeOfDay,
  toUtc: timeOfDay,
});

const expectation = mapping({
  answers: oneOf(["move", "stay", "either"], "where answers go"),
  users: oneOf(["recover", "never-lost", "lost"], "what users meet"),
  notices: z._default(list(oneOf(["region", "dns", "failover"], "what deviates"), [0, 3], "subjects"), []),
});

/** The whole file; what it gives is a DrillScript. */
export const SCRIPT = mapping({
  schemaVersion: z.literal(1, "1"),
  id: text(DNS_LABEL, "an id of at most 63 lower case letters, digits and hyphens, with no hyphen at either end"),
  title: sentence("a title", 120),
  description: sentence("a description", TEXT_MAX),
  faults: mapping({
    local: list(fault, [1, FAULTS_MAX], "faults"),
    real: z._default(list(fault, [0, FAULTS_MAX], "faults"), []),
  }),
  expect: expectation,
  steadyState: z.prefault(mapping({ windowSeconds: z._default(seconds(FAULT_SECONDS_MAX), "policy") }), {}),
  faultSeconds: z._default(seconds(FAULT_SECONDS_MAX), "policy"),
  afterSeconds: z._default(seconds(FAULT_SECONDS_MAX), "policy"),
  expirySeconds: seconds(EXPIRY_SECONDS_MAX),
  bounds: z.prefault(bounds, {}),
  abortWhen: z._default(list(abort, [0, FAULTS_MAX], "conditions"), []),
  blockedWindows: z._default(list(blockedWindow, [0, WINDOWS_MAX], "windows"), []),
  approvals: z._default(list(sentence("a name", 100), [0, APPROVALS_MAX], "names"), []),
});
