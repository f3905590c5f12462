// The one description of what is watched: types only. `schema.ts` says what a file may hold, `parse.ts` makes these of it.
import type { AskerLocation } from "../policy/answer.ts";
import type { AddressType, Coordinates } from "../policy/record-set.ts";
import type { JudgedZone } from "./judged-zone.ts";

export const LOCATION_HINTS = [
  "wnam",
  "enam",
  "sam",
  "weur",
  "eeur",
  "apac",
  "apac-ne",
  "apac-se",
  "oc",
  "afr",
  "me",
] as const;

/** Where Cloudflare is asked to place a vantage; best effort, so the real colo is recorded beside it. */
export type LocationHint = (typeof LOCATION_HINTS)[number];

export interface Cluster {
  /** Context name in the kubeconfig, and the cluster's name in federation. */
  readonly context: string;
  readonly replicas: number;
}

export interface Endpoint {
  /** Scheme, host and port under watch, without a path: "https://use1.demo.example.com". */
  readonly url: string;
  /** What DNS answers for this region: IPv4 in A records, IPv6 in AAAA records. */
  readonly addresses: readonly string[];
}

/** One deployment of the service. */
export interface Region {
  readonly id: string;
  /** Cloud region code, and the REGION that the service there must claim. */
  readonly region: string;
  /** What the service there is told as its CLOUD: "aws", "gcp". */
  readonly cloud?: string | undefined;
  /** The AWS region of its latency record; null where the routing needs none. */
  readonly awsRegion: string | null;
  readonly cluster: Cluster;
  readonly endpoint: Endpoint;
  /** False: its record set carries no health check, so Route 53 always considers it healthy. */
  readonly dnsHealthCheck: boolean;
  /** Where it is, for geoproximity routing; left out: where its awsRegion is. */
  readonly coordinates?: Coordinates | undefined;
}

/** Maps are by region id; a region that is not in them has no record. */
export type DnsPolicy =
  | { readonly routing: "simple"; readonly ttlSeconds: number }
  | { readonly routing: "failover"; readonly primary: string; readonly secondary: string; readonly ttlSeconds: number }
  | { readonly routing: "latency"; readonly ttlSeconds: number }
  /** 0 to 255. */
  | { readonly routing: "weighted"; readonly weights: Readonly<Record<string, number>>; readonly ttlSeconds: number }
  /** Places as in `place.ts`: "EU", "BE", "US-CA", "*". */
  | {
      readonly routing: "geolocation";
      readonly locations: Readonly<Record<string, readonly string[]>>;
      readonly ttlSeconds: number;
    }
  /** -99 to 99; every region has a record, those that are not here without a bias. */
  | { readonly routing: "geoproximity"; readonly biases: Readonly<Record<string, number>>; readonly ttlSeconds: number }
  | { readonly routing: "multivalue"; readonly ttlSeconds: number }
  /** CIDR blocks; `default` is the region that answers everybody else. */
  | {
      readonly routing: "ip-based";
      readonly blocks: Readonly<Record<string, readonly string[]>>;
      readonly default: string;
      readonly ttlSeconds: number;
    };

export const ROUTINGS = [
  "simple",
  "failover",
  "latency",
  "weighted",
  "geolocation",
  "geoproximity",
  "multivalue",
  "ip-based",
] as const satisfies readonly DnsPolicy["routing"][];

export interface HealthCheckSettings {
  readonly path: string;
  readonly intervalSeconds: number;
  readonly failureThreshold: number;
}

export interface DnsTiming {
  readonly propagationSeconds: number;
  readonly apiPropagationSeconds: number;
  readonly slackSeconds: number;
}

export interface DnsSettings {
  readonly zone: string;
  readonly policy: DnsPolicy;
  readonly healthCheck: HealthCheckSettings;
  readonly timing: DnsTiming;
  /** "192.0.2.53", "[2001:db8::53]:5353" or "ns1.example.com"; empty: looked up through the resolvers, in turn. */
  readonly nameServers: readonly string[];
  /** DNS over HTTPS addresses. */
  readonly resolvers: readonly string[];
}

/** A place that looks. */
export interface Vantage {
  readonly id: string;
  /** Null for a private one: nobody places it. */
  readonly hint: LocationHint | null;
  /** True: a process inside some network that looks by itself and reports; left out: the monitor sends somebody to look. */
  readonly private?: boolean | undefined;
  /** Sent as EDNS client subnet to the authoritative servers; null: none is sent. */
  readonly clientSubnet: string | null;
  /** AWS regions, the lowest latency first, as Route 53 ranks them for this vantage; empty: not calibrated. */
  readonly latencyOrder: readonly string[];
  /** Where Route 53 takes this vantage to be, for geolocation routing; left out: not known. */
  readonly location?: AskerLocation | undefined;
  /** For geoproximity routing; left out: not known. */
  readonly coordinates?: Coordinates | undefined;
}

/** One that the monitor places. */
export type PublicVantage = Vantage & { readonly hint: LocationHint };

export interface ProbeSettings {
  readonly intervalSeconds: number;
  readonly timeoutMs: number;
  /** "dial": connect, ttfb, transfer. "full": TLS as well, by a second dial (experimental). */
  readonly phases: "dial" | "full";
  /** What the file says, where rounds come more often for a while (`pace.ts`); the file itself never sets it. */
  readonly fileIntervalSeconds?: number;
  readonly vantages: readonly Vantage[];
}

export const INDICATORS = ["availability", "latency"] as const;
export const BUDGETING_METHODS = ["occurrences", "timeslices"] as const;

/** What the service promises, in OpenSLO's words. */
/** How fast people must look: now, or in the next days. */
export const URGENCIES = ["page", "ticket"] as const;

export interface Objective {
  readonly name: string;
  /** Latency: served within `thresholdMs`, which is null for all others. */
  readonly indicator: (typeof INDICATORS)[number];
  readonly thresholdMs: number | null;
  /** Null: the service, as DNS leads users to it. */
  readonly region: string | null;
  /** Timeslices: a slice is good where its share of good looks reaches `timeSliceTarget`, which is null for all others. */
  readonly method: (typeof BUDGETING_METHODS)[number];
  readonly timeSliceTarget: number | null;
  /** Null: `TIME_SLICE_MINUTES`, where slices are counted. */
  readonly timeSliceMinutes: number | null;
  /** 0 to 1: the share that must be good. */
  readonly target: number;
  readonly windowDays: number;
  /** What people are told of where its budget burns too fast; left out or empty: nothing. */
  readonly burnAlerts?: readonly (typeof URGENCIES)[number][] | undefined;
}

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** Maintenance that comes every week. */
export interface RecurringMaintenance {
  readonly name: string;
  /** Ids; left out: all. */
  readonly regions?: readonly string[] | undefined;
  readonly weekdays: readonly (typeof WEEKDAYS)[number][];
  /** "HH:MM" on a wall in `timeZone`. */
  readonly start: string;
  /** As time passes, also where clocks change in between. */
  readonly durationMinutes: number;
  /** Of the IANA database: "Europe/Brussels". */
  readonly timeZone: string;
}

/** How the router orders the regions for a request; maps are by region id, and a region that is not in them comes last. */
export type Steering =
  /** Empty: the primary and the secondary of dns.policy first, then as the topology lists them. */
  | { readonly by: "failover"; readonly order: readonly string[] }
  /** 0 to 255. */
  | { readonly by: "weighted"; readonly weights: Readonly<Record<string, number>> }
  /** Places as in `place.ts`. */
  | { readonly by: "geo"; readonly places: Readonly<Record<string, readonly string[]>> }
  | { readonly by: "proximity" }
  | { readonly by: "latency" };

export const STEERINGS = [
  "failover",
  "weighted",
  "geo",
  "proximity",
  "latency",
] as const satisfies readonly Steering["by"][];

export interface Affinity {
  readonly cookie: string;
  /** Since the choice, not since the last request. */
  readonly ttlSeconds: number;
  /** How long a drained region keeps those who have its cookie. */
  readonly drainSeconds: number;
}

export interface RetrySettings {
  /** A region from which nothing at all was heard for so long is given up for requests that may be repeated; null: as long as a probe waits. */
  readonly waitMs: number | null;
  /** Bodies up to this are kept until the region has answered, so that they can be sent to another one. */
  readonly bodyBytesMax: number;
  /** Retries that did not help, as a share of requests: 0 to 1. */
  readonly budgetShare: number;
}

export interface RouterSettings {
  readonly mode: "off" | "redirect" | "proxy";
  /** The name whose requests are routed; null: service.host. All other names show the monitor's faces. */
  readonly host: string | null;
  readonly steering: Steering;
  readonly affinity: Affinity | null;
  readonly retry: RetrySettings;
}

/** What a channel may be told of; "blind": nobody can look, and that somebody can again. */
export const ALERT_EVENTS = ["opened", "closed", "reminder", "blind", "report"] as const;
export type AlertEvent = (typeof ALERT_EVENTS)[number];

/** A channel that is told of incidents. */
interface Told {
  readonly name: string;
  readonly on: readonly AlertEvent[];
  /** Subjects, or with a final * how they begin: "*" is all. */
  readonly subjects: readonly string[];
  /** Between two reminders of what stays open; null: none. */
  readonly remindMinutes: number | null;
  /** What is over sooner is not told. */
  readonly minOpenSeconds: number;
}

export type ToldChannel =
  /** `secret` signs what is sent (Standard Webhooks); null: nothing does. */
  | (Told & { readonly kind: "webhook"; readonly url: string; readonly secret: string | null })
  | (Told & { readonly kind: "slack"; readonly url: string })
  | (Told & { readonly kind: "pagerduty"; readonly url: string; readonly routingKey: string });

/** Addresses and keys in it are secrets. A heartbeat is called after every stored round, so that its silence says something. */
export type AlertChannel = ToldChannel | { readonly kind: "heartbeat"; readonly name: string; readonly url: string };

export interface Service {
  readonly name: string;
  readonly host: string;
  readonly image: string;
  /** A Secret beside the Pods that opens the image's registry; it is made by hand, because no Secret belongs into a file. */
  readonly imagePullSecret?: string | undefined;
  readonly priorityClass?: string | undefined;
}

export interface Topology {
  /** True in the local world and in tests only: plain HTTP, loopback addresses and odd intervals are allowed. */
  readonly local: boolean;
  readonly service: Service;
  readonly regions: readonly Region[];
  /** How the control plane of the federation is reached, for drills that stop a region there. */
  readonly federation?: { readonly context: string } | undefined;
  readonly dns: DnsSettings;
  readonly probe: ProbeSettings;
  readonly router: RouterSettings;
  readonly objectives: readonly Objective[];
  /** Left out: none recurs. */
  readonly maintenance?: readonly RecurringMaintenance[] | undefined;
  readonly alerts: readonly AlertChannel[];
  /** No part of the file: the real zone that is judged instead of the one that this topology asks for. */
  readonly pulledZone?: JudgedZone;
}

/** The record types that the regions' addresses make necessary, A first. */
export function recordTypes(topology: Topology): readonly AddressType[] {
  const addresses = topology.regions.flatMap((region) => region.endpoint.addresses);
  const types: AddressType[] = [];
  if (addresses.some((address) => !address.includes(":"))) types.push("A");
  if (addresses.some((address) => address.includes(":"))) types.push("AAAA");
  return types;
}

/** Ids of the regions that have one of these addresses, in the topology's order. */
export function regionsAt({ regions }: Topology, addresses: readonly string[]): readonly string[] {
  return regions
    .filter(({ endpoint }) => endpoint.addresses.some((one) => addresses.includes(one)))
    .map(({ id }) => id);
}

/** In the topology's order; at least one. */
export function publicVantages({ probe }: Topology): readonly PublicVantage[] {
  return probe.vantages.filter((vantage): vantage is PublicVantage => vantage.hint !== null);
}

/** Those that look by themselves, in the topology's order. */
export function privateVantages({ probe }: Topology): readonly Vantage[] {
  return probe.vantages.filter(({ hint }) => hint === null);
}

export function routerHost(topology: Topology): string {
  return topology.router.host ?? topology.service.host;
}
