// The metrics that only this monitor has: health in both views, verdicts, incidents, drills, and its own rounds.
import { type Instant, parseIso, SECOND_MS } from "../time.ts";
import { alone, counter, flag, gauge, oneHot, seconds, VERDICTS } from "./metric-family.ts";
import { alertFamilies } from "./metrics-alerts.ts";
import { objectiveFamilies } from "./metrics-objectives.ts";
import { routerFamilies } from "./metrics-router.ts";
import type { MetricFamily, Sample } from "./prometheus-text.ts";
import type { StatusReport } from "./status-schema.ts";

const HEALTHS = ["healthy", "unhealthy", "unknown"] as const;
const CELL_STATES = ["up", "down", "unknown", "missed"] as const;

export function edgeFamilies(status: StatusReport): readonly MetricFamily[] {
  return [
    ...serviceFamilies(status),
    ...regionFamilies(status),
    ...cellFamilies(status),
    ...verdictFamilies(status),
    ...failoverFamilies(status),
    ...incidentFamilies(status),
    ...drillFamilies(status),
    ...maintenanceFamilies(status),
    ...routerFamilies(status.router),
    ...objectiveFamilies(status.objectives ?? []),
    ...route53Families(status),
    ...alertFamilies(status),
    ...selfFamilies(status),
    ...reloadFamilies(status),
  ];
}

function serviceFamilies({ service, simulated }: StatusReport): readonly MetricFamily[] {
  return [
    gauge("edge_service_info", "The service that is watched.", [
      { labels: { service: service.name, host: service.host }, value: 1 },
    ]),
    gauge("edge_simulated", "1 where vantages share a machine, so that latencies say nothing of places.", [
      alone(flag(simulated)),
    ]),
  ];
}

/** Only where Route 53 was asked. */
function route53Families({ route53 = [] }: StatusReport): readonly MetricFamily[] {
  const samples = route53.flatMap(({ healthCheck, region, checkers: { healthy, total } }) => {
    const labels = { health_check: healthCheck, region: region ?? "" };
    return [
      { labels: { ...labels, look: "success" }, value: healthy },
      { labels: { ...labels, look: "failure" }, value: total - healthy },
    ];
  });
  const help = "Route 53's own checkers of a health check, by their latest look; no vote of ours.";
  return samples.length === 0 ? [] : [gauge("edge_route53_checkers", help, samples)];
}

function regionFamilies({ regions }: StatusReport): readonly MetricFamily[] {
  const samples = regions.flatMap(({ id, health, userHealth }) => [
    ...oneHot({ region: id, view: "route53" }, "state", HEALTHS, health),
    ...oneHot({ region: id, view: "user" }, "state", HEALTHS, userHealth),
  ]);
  const help = "Health of a region on which the vantages agree: by Route 53's rules, and as users have it.";
  return [gauge("edge_consensus_state", help, samples)];
}

function cellFamilies({ matrix, vantages, regions }: StatusReport): readonly MetricFamily[] {
  const cells = Object.entries(matrix).flatMap(([region, row]) =>
    Object.entries(row).map(([vantage, cell]) => ({ labels: { region, vantage }, cell })),
  );
  const causes = cells.flatMap(({ labels, cell }): readonly Sample[] =>
    cell.failure === undefined || cell.state === "missed"
      ? []
      : [{ labels: { ...labels, cause: cell.failure.cause }, value: 1 }],
  );
  const asked = vantages.filter((one) => one.lastAt !== null || one.missed !== undefined);
  const places = regions.flatMap(({ id, region }) =>
    vantages.flatMap((vantage): readonly Sample[] => {
      const { id: from, colo } = vantage;
      return colo === null || colo === ""
        ? []
        : [{ labels: { region: id, vantage: from, cloud_region: region, colo }, value: 1 }];
    }),
  );
  return [
    gauge("edge_probe_info", "Where the region is, and the data centre in which the vantage really ran last.", places),
    gauge(
      "edge_probe_state",
      "What the latest round knows of a region from a vantage. missed: the vantage took no part. unknown: never measured, or our own failure.",
      cells.flatMap(({ labels, cell }) => oneHot(labels, "state", CELL_STATES, cell.state)),
    ),
    gauge("edge_probe_failure_info", "Why the latest look failed.", causes),
    seconds(
      "edge_probe_age_seconds",
      "Age of the latest look.",
      cells.flatMap(({ labels, cell }) => (cell.ageMs === null ? [] : [{ labels, value: cell.ageMs / SECOND_MS }])),
    ),
    gauge(
      "edge_vantage_missed",
      "1 where the vantage took no part in the latest round.",
      asked.map(({ id, missed }) => ({ labels: { vantage: id }, value: flag(missed !== undefined) })),
    ),
    gauge(
      "edge_vantage_private",
      "1 for a vantage inside somebody's own network, which looks by itself and reports.",
      vantages.filter((one) => one.private === true).map(({ id }) => ({ labels: { vantage: id }, value: 1 })),
    ),
  ];
}

/** DNS subjects have families of their own, with their parts as labels. */
function verdictFamilies({ verdict, verdicts }: StatusReport): readonly MetricFamily[] {
  return [
    gauge(
      "edge_verdict",
      "The worst verdict of all subjects but those that maintenance excuses; undecided while no round comes.",
      oneHot({}, "verdict", VERDICTS, verdict),
    ),
    gauge(
      "edge_subject_verdict",
      "Verdict on each subject but DNS answers.",
      verdicts
        .filter((one) => !one.subject.startsWith("dns:"))
        .flatMap((one) => oneHot({ subject: one.subject }, "verdict", VERDICTS, one.verdict)),
    ),
  ];
}

/** Which region is active is absent while nobody can say. */
function failoverFamilies({ failover, regions }: StatusReport): readonly MetricFamily[] {
  const { active, activeByVantage, failOpen } = failover;
  const choices = Object.entries(activeByVantage ?? {}).flatMap(([vantage, region]) =>
    region === null ? [] : oneOf({ vantage }, regions, region),
  );
  return [
    gauge(
      "edge_failover_active",
      "1 for the one region to which the policy sends every asker.",
      active === null ? [] : oneOf({}, regions, active),
    ),
    gauge(
      "edge_failover_active_by_vantage",
      "1 for the region to which the policy sends askers at that vantage, where it depends on the asker.",
      choices,
    ),
    gauge("edge_failover_fail_open", "1 where the policy has no healthy region left and answers all the same.", [
      alone(flag(failOpen)),
    ]),
  ];
}

function oneOf(labels: Sample["labels"], regions: StatusReport["regions"], chosen: string): readonly Sample[] {
  return regions.map(({ id }) => ({ labels: { ...labels, region: id }, value: flag(id === chosen) }));
}

function incidentFamilies({ incidents, mutes = [] }: StatusReport): readonly MetricFamily[] {
  const all = incidents.filter((incident) => incident.closedAt === undefined);
  const open = all.filter((incident) => incident.causedBy === undefined);
  return [
    gauge("edge_incidents_open", "Incidents that are open and that neither a drill nor maintenance explains.", [
      alone(open.length),
    ]),
    gauge("edge_incidents_planned", "Incidents that are open because of a drill or of maintenance.", [
      alone(all.length - open.length),
    ]),
    gauge(
      "edge_incidents_muted",
      "Of the incidents that are open and not planned, those that people are not told of.",
      [alone(open.filter(({ mutedBy }) => mutedBy !== undefined).length)],
    ),
    gauge("edge_mutes_active", "Mutes in force, whether they keep anything from anybody or not.", [
      alone(mutes.length),
    ]),
    seconds(
      "edge_incident_opened_timestamp_seconds",
      "Since when a subject deviates that neither a drill nor maintenance excuses, in Unix time.",
      open.map(({ subject, openedAt }) => ({ labels: { subject }, value: instantOf(openedAt) / SECOND_MS })),
    ),
  ];
}

function drillFamilies({ drill }: StatusReport): readonly MetricFamily[] {
  const running = drill === undefined || drill.endedAt !== null ? [] : [drill];
  return [
    gauge("edge_drill_running", "1 while a failover drill is not over.", [alone(running.length)]),
    seconds(
      "edge_drill_expires_timestamp_seconds",
      "By when the drill that runs must be over, in Unix time.",
      running.map(({ expiresAt }) => alone(instantOf(expiresAt) / SECOND_MS)),
    ),
  ];
}

function maintenanceFamilies({ regions }: StatusReport): readonly MetricFamily[] {
  const samples = regions.map(({ id, maintenance }) => ({
    labels: { region: id },
    value: flag(maintenance !== undefined),
  }));
  const help = "1 while a region is under maintenance: it is looked at as always, counts apart, and pages nobody.";
  return [gauge("edge_maintenance_active", help, samples)];
}

function selfFamilies({ self, generatedAt }: StatusReport): readonly MetricFamily[] {
  const { lastRoundAt, rounds, missedSlots } = self;
  const last = lastRoundAt === null ? [] : [instantOf(lastRoundAt)];
  const ages = last.map((at) => Math.max(0, instantOf(generatedAt) - at) / SECOND_MS);
  return [
    counter("edge_rounds_total", "Rounds that were made.", [alone(rounds)]),
    counter("edge_missed_slots_total", "Slots at which a round was due and none was made.", [alone(missedSlots)]),
    seconds(
      "edge_last_round_timestamp_seconds",
      "When the latest round ended, in Unix time.",
      last.map((at) => alone(at / SECOND_MS)),
    ),
    seconds("edge_last_round_age_seconds", "Time since the latest round.", ages.map(alone)),
  ];
}

/** Only where the topology is read again while the monitor runs. */
function reloadFamilies({ self: { topology } }: StatusReport): readonly MetricFamily[] {
  const read = topology === undefined ? [] : [topology];
  return [
    gauge(
      "edge_topology_reload_success",
      "1 while the topology that is watched by is what its file says, 0 while the file is broken.",
      read.map(({ refusedAt }) => alone(refusedAt === undefined ? 1 : 0)),
    ),
    seconds(
      "edge_topology_reload_timestamp_seconds",
      "When the topology that is watched by was read, in Unix time.",
      read.map(({ takenAt }) => alone(instantOf(takenAt) / SECOND_MS)),
    ),
  ];
}

/** The report's times are our own, so they can be read. */
function instantOf(iso: string): Instant {
  return parseIso(iso) ?? 0;
}
