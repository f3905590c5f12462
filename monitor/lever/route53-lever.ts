// Route 53's own health check of one region, pinned unhealthy: disabled, which holds it at healthy, and inverted (API
// Reference, UpdateHealthCheck). It does not look at the region, so it shows what DNS does and nothing of detection. Every
// write names the version that it is meant for: Route 53 refuses it where somebody else was faster.
import {
  GetHealthCheckCommand,
  type HealthCheck,
  type HealthCheckConfig,
  type HealthCheckRegion,
  UpdateHealthCheckCommand,
} from "@aws-sdk/client-route-53";
import { isDeepStrictEqual } from "node:util";
import { type AwsFailure, type AwsReply, ROUTE53_PACE } from "../node/aws-call.ts";
import { done, failed, type LeverFault, type LeverResult, type LeverStanding } from "./lever.ts";
import type { Reach, Route53Reach } from "./reach.ts";
import type { UndoOf } from "./undo.ts";

export type Route53Undo = UndoOf<"route53-health-check">;

export async function applyRoute53(undo: Route53Undo, reach: Reach): Promise<LeverResult> {
  return move(undo, "during", await reach.openRoute53());
}

export async function rollbackRoute53(undo: Route53Undo, reach: Reach): Promise<LeverResult> {
  return move(undo, "before", await reach.openRoute53());
}

export async function verifyRoute53(undo: Route53Undo, reach: Reach): Promise<LeverStanding> {
  const read = await readCheck(undo.healthCheckId, await reach.openRoute53());
  if (read.kind === "failed") return { kind: "other", detail: read.failure.detail };
  const standing = standingOf(read.value, undo);
  if (standing.kind === "other") return standing;
  const changed = changedFields(read.value.HealthCheckConfig, undo);
  if (changed.length > 0)
    return { kind: "other", detail: `${nameOf(undo)} has another ${changed.join(", ")} than before` };
  return { kind: standing.kind === "during" ? "applied" : "restored" };
}

/** A lost answer looks like somebody else's write, so a conflict is looked at once more. */
const ATTEMPTS_MAX = 2;

async function move(undo: Route53Undo, to: "before" | "during", route53: Route53Reach): Promise<LeverResult> {
  let conflict = "";
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const read = await readCheck(undo.healthCheckId, route53);
    if (read.kind === "failed") return failed(faultOf(read.failure), read.failure.detail, byHand(undo));
    const standing = standingOf(read.value, undo);
    if (standing.kind === to) return done(`${nameOf(undo)} is ${WORDS[to]}`);
    if (standing.kind === "other") return failed("moved", standing.detail, byHand(undo));
    const version = read.value.HealthCheckVersion ?? 0;
    if (to === "during" && version !== undo.version)
      return failed(
        "moved",
        `${nameOf(undo)} is at version ${version} now, and was planned for at ${undo.version}`,
        [],
      );
    const written = await writeCheck(undo, PINS[to], version, route53);
    if (written.kind === "reply") return settled(written.value, undo, to);
    if (written.failure.cause !== "conflict")
      return failed(faultOf(written.failure), written.failure.detail, byHand(undo));
    conflict = written.failure.detail;
  }
  return failed("moved", conflict, byHand(undo));
}

const WORDS = { during: "pinned unhealthy", before: "as before" } as const;
const PINS = {
  during: { Disabled: true, Inverted: true },
  before: { Disabled: false, Inverted: false },
} as const;

/** What the answer shows of the other fields: some servers empty those that a change leaves out. */
function settled(check: HealthCheck, undo: Route53Undo, to: "before" | "during"): LeverResult {
  const changed = changedFields(check.HealthCheckConfig, undo);
  if (changed.length === 0) return done(`${nameOf(undo)} is ${WORDS[to]}`);
  return failed(
    "refused",
    `${nameOf(undo)} is ${WORDS[to]}, with another ${changed.join(", ")} than before`,
    byHand(undo),
  );
}

type Standing = { readonly kind: "before" | "during" } | { readonly kind: "other"; readonly detail: string };

/** Each write counts the version by one, so the drill's own is one more than what it found. */
function standingOf(check: HealthCheck, undo: Route53Undo): Standing {
  const { Disabled = false, Inverted = false } = check.HealthCheckConfig ?? {};
  const version = check.HealthCheckVersion ?? 0;
  if (!Disabled && !Inverted) return { kind: "before" };
  if (Disabled !== Inverted)
    return {
      kind: "other",
      detail: `${nameOf(undo)} is ${Disabled ? "disabled" : "inverted"} alone, which this drill did not do`,
    };
  if (version <= undo.version + 1) return { kind: "during" };
  const detail = `${nameOf(undo)} is at version ${version}, and this drill left it at ${undo.version + 1}: somebody else changed it since`;
  return { kind: "other", detail };
}

/** Names of the fields that differ from what was found, the two of the lever apart. */
export function changedFields(
  config: HealthCheckConfig | undefined,
  undo: Pick<Route53Undo, "config">,
): readonly string[] {
  const now = plainConfig(config);
  const before = undo.config;
  return [...new Set([...Object.keys(now), ...Object.keys(before)])]
    .filter((field) => field !== "Disabled" && field !== "Inverted")
    .filter((field) => !isDeepStrictEqual(sorted(now[field]), sorted(before[field])))
    .toSorted();
}

/** As JSON keeps it: no key without a value. */
export function plainConfig(config: HealthCheckConfig | undefined): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(config ?? {}).filter(([, value]: readonly [string, unknown]) => value !== undefined),
  );
}

/** Checker regions and children have no order. */
function sorted(value: unknown): unknown {
  return Array.isArray(value) ? value.map(String).toSorted() : value;
}

export function readCheck(id: string, { client, caller }: Route53Reach): Promise<AwsReply<HealthCheck>> {
  return caller.call(`GetHealthCheck ${id}`, ROUTE53_PACE, async () => {
    const { HealthCheck: check } = await client.send(new GetHealthCheckCommand({ HealthCheckId: id }));
    if (check === undefined) throw new SyntaxError("Unexpected end of an empty answer");
    return check;
  });
}

/** Lists are sent along as they were: Route 53 keeps what is left out, and not every server that speaks its API does. */
export function writeCheck(
  { healthCheckId, config }: Pick<Route53Undo, "healthCheckId" | "config">,
  pins: { readonly Disabled: boolean; readonly Inverted: boolean },
  version: number,
  { client, caller }: Route53Reach,
): Promise<AwsReply<HealthCheck>> {
  const { Regions, ChildHealthChecks } = config;
  return caller.call(`UpdateHealthCheck ${healthCheckId}`, ROUTE53_PACE, async () => {
    const { HealthCheck: check } = await client.send(
      new UpdateHealthCheckCommand({
        HealthCheckId: healthCheckId,
        HealthCheckVersion: version,
        ...pins,
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as Route 53 gave them
        ...(Regions === undefined ? {} : { Regions: Regions as HealthCheckRegion[] }),
        ...(ChildHealthChecks === undefined ? {} : { ChildHealthChecks }),
      }),
    );
    if (check === undefined) throw new SyntaxError("Unexpected end of an empty answer");
    return check;
  });
}

function faultOf({ cause }: AwsFailure): LeverFault {
  if (cause === "conflict") return "moved";
  return cause === "unavailable" || cause === "throttled" || cause === "not-understood" ? "unavailable" : "refused";
}

function nameOf({ healthCheckId, region }: Route53Undo): string {
  return `the health check ${healthCheckId} of ${region}`;
}

function byHand({ healthCheckId, version }: Route53Undo): readonly string[] {
  return [
    `aws route53 get-health-check --health-check-id ${healthCheckId}   # HealthCheckVersion ${version + 1} is the drill's own`,
    `aws route53 update-health-check --health-check-id ${healthCheckId} --no-disabled --no-inverted`,
  ];
}
