// A page of the recorded history of a monitor that has just begun.
import type { RoundsPage } from "../../monitor/report/rounds-page-schema.ts";
import { fingerprint } from "../../monitor/topology/fingerprint.ts";
import type { Topology } from "../../monitor/topology/topology.ts";

export function noRounds(topology: Topology): RoundsPage {
  const start = "1970-01-01T00:00:00.000Z";
  return {
    schemaVersion: 1,
    service: { name: topology.service.name, host: topology.service.host },
    intervalSeconds: topology.probe.intervalSeconds,
    policy: fingerprint(topology),
    window: { from: start, to: start },
    rounds: [],
    next: null,
  };
}
