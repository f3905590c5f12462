// The plan of `monitor zone diff` as a person reads it: what changes from what to what, and when users will have followed.
import { detectionMaxMs } from "../policy/deadline.ts";
import { formatDuration } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import { zoneOf } from "../topology/zone.ts";
import { policyTimingOf } from "../verify/standing.ts";
import type { CheckStep } from "../zone/check-plan.ts";
import { type CacheHold, isSettled, type RecordStep, type ZonePlan } from "../zone/diff.ts";
import type { FieldDifference } from "../zone/field-difference.ts";
import type { Snapshot } from "../zone/snapshot.ts";

/** The API takes at most so many characters of a batch's comment. */
const COMMENT = "From `npm run -s monitor -- zone diff --batch`: the zone becomes what topology.yaml asks for.";

export function batchText({ changes }: ZonePlan): string {
  return `${JSON.stringify({ Comment: COMMENT, Changes: changes }, null, 2)}\n`;
}

export function planText(plan: ZonePlan, snapshot: Snapshot, topology: Topology): string {
  const { Name: name, Id: id } = snapshot.hostedZone;
  const head = `${topology.service.host} in ${name.replace(/\.$/, "")} (${id}), as of ${snapshot.pulledAt}`;
  if (isSettled(plan)) return `${head}: nothing to change\n`;
  const checks = plan.checks.filter(({ kind }) => kind !== "same");
  return `${[
    head,
    ...section("health checks", checks.flatMap(checkLines)),
    ...section(
      "CIDR collection",
      plan.blocks.map(({ field, wanted, found }) => `  ${field}: ${found} -> ${wanted}`),
    ),
    ...section("record sets", plan.records.flatMap(recordLines)),
    ...protectionLines(plan, snapshot),
    ...section("when users follow", followLines(plan, topology)),
    ...section("to do it", doLines(plan, id)),
  ].join("\n")}\n`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", title, ...lines];
}

function checkLines(step: CheckStep): readonly string[] {
  switch (step.kind) {
    case "same":
      return [];
    case "unread":
      return [`  unread   ${step.id}: ${step.foundId} could not be read, so it may be right`];
    case "create": {
      const {
        Type: type,
        IPAddress: address,
        FullyQualifiedDomainName: host,
        Port: port,
        ResourcePath: path,
      } = step.config;
      const where = address === undefined ? "by name" : `at ${address}`;
      return [`  create   ${step.id}: ${type} ${host ?? ""}:${port ?? ""}${path ?? ""} ${where}`];
    }
    case "update":
      return [`  update   ${step.id} (${step.foundId})`, ...fieldLines(step.fields)];
    case "replace": {
      const why =
        step.because === "fixed"
          ? "Route 53 changes none of these in a check that exists"
          : "an AWS service made it, and nobody else may change it";
      return [`  replace  ${step.id} (${step.foundId}): ${why}, so make another one`, ...fieldLines(step.fields)];
    }
  }
}

function recordLines({ kind, subject, fields }: RecordStep): readonly string[] {
  return [`  ${kind}   ${subject}`, ...fieldLines(fields)];
}

function fieldLines(fields: readonly FieldDifference[]): readonly string[] {
  return fields.map(({ field, wanted, found }) => `             ${field}: ${found} -> ${wanted}`);
}

function protectionLines({ records }: ZonePlan, { protections }: Snapshot): readonly string[] {
  const hit = protections.filter(({ RecordName, RecordType }) =>
    records.some(({ subject }) => `${subject} `.startsWith(`${RecordType} ${RecordName.replace(/\.$/, "")} `)),
  );
  const lines = hit.map(
    ({ RecordName, RecordType }) =>
      `  ${RecordType} ${RecordName.replace(/\.$/, "")}: the API refuses every change of it`,
  );
  return section("protected", lines);
}

/** Nothing here is faster than the TTL that stands there now: caches were told the old one. */
function followLines({ holds, checks }: ZonePlan, topology: Topology): readonly string[] {
  return [
    ...(holds.length === 0
      ? []
      : ["  Route 53's servers: when GetChange says INSYNC, usually within 60 s. From then on, at most:"]),
    ...holds.map(holdLine),
    ...newCheckLines(checks, topology),
  ];
}

function holdLine({ name, type, seconds, because }: CacheHold): string {
  const why =
    because === "old-answer"
      ? "caches hold the old answer by the old TTL; a lower one takes effect after that"
      : "nothing is there, and caches remember that (SOA)";
  return `  ${type} ${name}: ${seconds} s more: ${why}`;
}

/** A new check counts as healthy until there is enough data. */
function newCheckLines(checks: readonly CheckStep[], topology: Topology): readonly string[] {
  const made = new Set(checks.filter(({ kind }) => kind === "create" || kind === "replace").map(({ id }) => id));
  const slowest = zoneOf(topology)
    .healthChecks.filter(({ id }) => made.has(id))
    .map((check) => detectionMaxMs(check, policyTimingOf(topology), []) ?? 0);
  if (slowest.length === 0) return [];
  const ms = formatDuration(Math.max(...slowest));
  return [`  a new health check counts as healthy at first: a region that is down is noticed after ${ms} at most`];
}

function doLines({ checks, records }: ZonePlan, zoneId: string): readonly string[] {
  const made = checks.filter(({ kind }) => kind === "create" || kind === "replace");
  const updated = checks.filter(({ kind }) => kind === "update");
  const flags = made.map(({ id }) => ` --check-id ${id}=ID`).join("");
  return [
    ...(made.length === 0
      ? []
      : ["  aws route53 create-health-check --cli-input-json …   # each of `npm run -s monitor -- render route53`"]),
    ...updated.map((step) => `  aws route53 update-health-check --health-check-id ${foundIdOf(step)} …`),
    ...(records.length === 0
      ? []
      : [
          `  npm run -s monitor -- zone diff --batch${flags} > batch.json`,
          `  aws route53 change-resource-record-sets --hosted-zone-id ${zoneId} --change-batch file://batch.json`,
        ]),
  ];
}

function foundIdOf(step: CheckStep): string {
  return step.kind === "create" ? "" : step.foundId;
}
