// Rules about health checks by their settings alone, whatever records name them.
import { CHECKER_REGIONS } from "../policy/constants.ts";
import { type EndpointCheck, isEndpointCheck } from "../policy/health-check.ts";
import { hiddenKind, parseAddress } from "../topology/address.ts";
import type { Rule, Sighting } from "./rule.ts";
import type { Scene } from "./scene.ts";
import { type ZoneCheck, zoneSighting, type ZoneView } from "./zone-view.ts";

export const ZONE_CHECK_RULES: readonly Rule[] = [
  {
    id: "R53-HC-DISABLED",
    severity: "error",
    wrong:
      "A health check is disabled, so its records are taken for healthy, or for unhealthy where it is inverted too.",
    evidence: "Disabled true",
    fix: "Enable it; a drill that was broken off may have left it so.",
    source: "Route 53 API Reference, UpdateHealthCheck Disabled",
    sightings: (scene) =>
      eachCheck(scene, ({ check }) =>
        check.disabled ? `it is disabled, which pins it ${check.inverted ? "unhealthy" : "healthy"}` : null,
      ),
  },
  {
    id: "R53-HC-INVERTED",
    severity: "error",
    wrong: "A health check is inverted, so its records are answered while the endpoint is down.",
    evidence: "Inverted true",
    fix: "Take the inversion away; a drill that was broken off may have left it so. Where it is meant, waive this.",
    source: "Route 53 API Reference, UpdateHealthCheck Inverted",
    sightings: (scene) =>
      eachCheck(scene, ({ check }) => (check.inverted ? "it is inverted: healthy counts as unhealthy" : null)),
  },
  {
    id: "R53-HC-SHALLOW",
    severity: "note",
    wrong:
      "A health check does not look at what is said, so a path that always answers 200 keeps a dead service healthy.",
    evidence:
      "a check by HTTP or HTTPS without string match, or by TCP. Not of a topology: by it the service's own answer is looked at too",
    fix: "Let the path look at what the service needs, and match a text of its answer; else watch the service by more than this check.",
    source: "Route 53 Developer Guide, How Amazon Route 53 determines whether a health check is healthy",
    sightings: (scene) => eachCheck(scene, shallow),
  },
  {
    id: "R53-SNI-OFF",
    severity: "warning",
    wrong:
      "A health check by HTTPS sends no server name, so an endpoint with several certificates refuses it or shows another.",
    evidence: "an HTTPS check with a name and EnableSNI false",
    fix: "Set EnableSNI to true.",
    source: "Route 53 API Reference, HealthCheckConfig EnableSNI",
    sightings: (scene) => eachEndpoint(scene, withoutServerName),
  },
  {
    id: "R53-FEW-REGIONS",
    severity: "note",
    wrong:
      "A health check is looked at from few regions, so a fault of the network between them and the endpoint weighs more.",
    evidence: "four Regions or fewer",
    fix: "Leave Regions out, and all eight look.",
    source: "Route 53 API Reference, HealthCheckConfig Regions; more than 18 % of the checkers decide",
    sightings: (scene) => eachEndpoint(scene, fewRegions),
  },
  {
    id: "R53-PRIVATE-ENDPOINT",
    severity: "error",
    wrong: "A health check looks at an address that Route 53's checkers cannot reach.",
    evidence:
      "IPAddress in a private, shared, loopback, link-local, multicast or reserved range, or the name of an internal load balancer",
    fix: "Check a public address, or make the check follow a CloudWatch alarm.",
    source: "Route 53 API Reference, HealthCheckConfig IPAddress",
    sightings: (scene) => eachEndpoint(scene, privateEndpoint),
  },
  {
    id: "R53-CALC-THRESHOLD",
    severity: "error",
    wrong: "A calculated health check has a threshold that no health of its children can change.",
    evidence: "HealthThreshold 0, or more than there are children",
    fix: "Set a threshold from 1 to the number of children.",
    source: "Route 53 API Reference, HealthCheckConfig HealthThreshold",
    sightings: (scene) => eachCheck(scene, calculatedThreshold),
  },
  {
    id: "R53-CW-INSUFFICIENT",
    severity: "warning",
    wrong: "A health check by an alarm stays healthy while the metric has no data, which is what a dead region sends.",
    evidence: "InsufficientDataHealthStatus Healthy or LastKnownStatus",
    fix: "Set InsufficientDataHealthStatus to Unhealthy where the check drives failover.",
    source: "Route 53 API Reference, HealthCheckConfig InsufficientDataHealthStatus; AWS, configuring failover routing",
    sightings: (scene) => eachCheck(scene, insufficientData),
  },
];

/** `see` gives what is wrong as half a sentence; null: nothing. */
function eachCheck({ zones }: Scene, see: (check: ZoneCheck, view: ZoneView) => string | null): readonly Sighting[] {
  return zones.flatMap((view) =>
    view.checks.flatMap((one) => {
      const message = see(one, view);
      return message === null ? [] : [zoneSighting(one, message)];
    }),
  );
}

function eachEndpoint(
  scene: Scene,
  see: (check: EndpointCheck, unknown: ReadonlySet<string>) => string | null,
): readonly Sighting[] {
  return eachCheck(scene, ({ check, unknown }) => (isEndpointCheck(check) ? see(check, unknown) : null));
}

/** Not of the topology: by it we look at what the service says of itself as well, and tell where the two differ. */
function shallow({ check }: ZoneCheck, { origin }: ZoneView): string | null {
  if (origin === "topology" || !isEndpointCheck(check)) return null;
  if (check.type === "TCP") return `it only connects to port ${check.port}: any process that listens is healthy`;
  return check.type === "HTTP" || check.type === "HTTPS" ? `any answer with a status from 200 to 399 is healthy` : null;
}

function withoutServerName({ type, host, enableSni }: EndpointCheck, unknown: ReadonlySet<string>): string | null {
  const off = type.startsWith("HTTPS") && !enableSni && host !== null && !unknown.has("EnableSNI");
  return off ? `EnableSNI is false, so ${host} is sent as Host but not as server name` : null;
}

/** With four regions or fewer, two checkers each, a single region is a quarter of the votes. */
const FEW_REGIONS_MAX = 4;

function fewRegions({ regions }: EndpointCheck, unknown: ReadonlySet<string>): string | null {
  if (unknown.has("Regions") || regions.length > FEW_REGIONS_MAX) return null;
  return `it is looked at from ${regions.length} of ${CHECKER_REGIONS.length} regions: ${regions.join(", ")}`;
}

function privateEndpoint({ ipAddress, host }: EndpointCheck, unknown: ReadonlySet<string>): string | null {
  const bytes = ipAddress === null ? null : parseAddress(ipAddress);
  const kind = bytes === null ? null : hiddenKind(bytes);
  if (kind !== null) return `${ipAddress ?? ""} is a ${kind} address`;
  if (ipAddress !== null || unknown.has("IPAddress") || host === null) return null;
  return /^internal-[^.]+(\.[^.]+)*\.elb\.amazonaws\.com(\.cn)?\.?$/i.test(host)
    ? `${host} is an internal load balancer`
    : null;
}

function calculatedThreshold({ check, unknown }: ZoneCheck): string | null {
  if (check.type !== "CALCULATED" || unknown.has("ChildHealthChecks") || unknown.has("HealthThreshold")) return null;
  const { healthThreshold, children } = check;
  if (healthThreshold === 0) return "the threshold is 0: always healthy";
  return healthThreshold > children.length
    ? `the threshold is ${healthThreshold} with ${children.length} children: always unhealthy`
    : null;
}

function insufficientData({ check, unknown }: ZoneCheck): string | null {
  if (check.type !== "CLOUDWATCH_METRIC" || check.insufficientData === "Unhealthy") return null;
  return unknown.has("InsufficientDataHealthStatus") ? null : `without data it is ${check.insufficientData}`;
}
