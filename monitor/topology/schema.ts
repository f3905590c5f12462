// What the topology file may hold, field by field: keys, types, forms, bounds and defaults. What depends on more than one
// field is in `rules.ts`; where a range here is wider than a reader expects, `local: true` is why.
import * as z from "zod/mini";
import { parseIso, toIso } from "../time.ts";
import { parseAddress, parseBlock } from "./address.ts";
import { ALERTS } from "./alert-schema.ts";
import { flag, list, mapping, oneOf, text, wholeNumber } from "./form.ts";
import {
  AWS_REGION,
  CONTEXT_NAME,
  DNS_LABEL,
  DNS_NAME,
  HEALTH_PATH,
  IMAGE_NAME,
  OBJECT_NAME,
  RULE_ID,
} from "./name.ts";
import { POLICY } from "./policy-schema.ts";
import { CONTINENTS } from "./place.ts";
import { ROUTER } from "./router-schema.ts";
import { isTimeZone } from "./time-zone.ts";
import { BUDGETING_METHODS, INDICATORS, LOCATION_HINTS, type LocationHint, URGENCIES, WEEKDAYS } from "./topology.ts";
import { splitServer, splitUrl } from "./url.ts";

export const REGIONS_MAX = 100;
export const VANTAGES_MAX = 32;
export const ADDRESSES_MAX = 16;
export const SERVERS_MAX = 8;
export const OBJECTIVES_MAX = 8;
/** A leap year: the longest that reports go back. */
export const WINDOW_DAYS_MAX = 366;
export const WAIVERS_MAX = 100;
export const RECURRING_MAX = 20;
export const HINT_WORDS = "a location hint of Cloudflare's";
/** More AWS regions than there are. */
export const LATENCY_ORDER_MAX = 64;

/** Far enough apart to be different users; each within Cloudflare's better connected places. */
const DEFAULT_HINTS: readonly LocationHint[] = ["enam", "wnam", "weur", "apac-se", "oc"];

const label = (what: string) =>
  text(DNS_LABEL, `${what} of at most 63 lower case letters, digits and hyphens, with no hyphen at either end`);
const dnsName = text(DNS_NAME, "a DNS name in lower case without a final dot, such as demo.example.com");
const awsRegion = text(AWS_REGION, "an AWS region code such as us-east-1");
const address = text((value) => parseAddress(value) !== null, "an IPv4 or IPv6 address");
const endpointUrl = text(
  (value) => splitUrl(value)?.path === "",
  "a URL of scheme, host and perhaps port alone, such as https://use1.demo.example.com",
);
const resolverUrl = text(
  (value) => splitUrl(value) !== null,
  "the URL of a DNS over HTTPS resolver, such as https://dns.google/dns-query",
);
const nameServer = text(
  (value) => splitServer(value) !== null,
  "a name server as host, host:port or [IPv6]:port, such as ns1.example.com or [2001:db8::53]:5353",
);
const clientSubnet = text(
  isClientSubnet,
  "a CIDR block with its host bits zero, /8 to /32 for IPv4 or /16 to /128 for IPv6, such as 198.51.100.0/24",
);

const objectName = (what: string) =>
  text(OBJECT_NAME, `the name of ${what}: lower case letters, digits, hyphens and dots`);

const context = text(CONTEXT_NAME, "the name of a kubeconfig context, without spaces and not starting with a hyphen");

const coordinates = mapping({ latitude: degrees(90), longitude: degrees(180) });

/** Hundredths, because Route 53 takes no more (API Reference, Coordinates). */
function degrees(most: number) {
  const expected = `a number of degrees from -${most} to ${most} with at most two decimals`;
  return z.number(expected).check(
    z.minimum(-most, expected),
    z.maximum(most, expected),
    z.refine((value) => Number(value.toFixed(2)) === value, expected),
  );
}

const region = mapping({
  id: label("a region id"),
  region: label("a cloud region code"),
  cloud: z.optional(label("a cloud such as aws, gcp or azure")),
  awsRegion: z._default(z.nullable(awsRegion), null),
  cluster: mapping({
    context,
    replicas: z._default(wholeNumber([1, 1000], "replicas"), 2),
  }),
  endpoint: mapping({
    url: endpointUrl,
    addresses: list(address, [1, ADDRESSES_MAX], "addresses"),
  }),
  dnsHealthCheck: z._default(flag(), true),
  coordinates: z.optional(coordinates),
});

const healthCheck = mapping({
  path: z._default(
    text(HEALTH_PATH, "a path that starts with / and has at most 255 characters, none of them a space or #"),
    "/healthz",
  ),
  intervalSeconds: z._default(wholeNumber([1, 300], "seconds (10 or 30 without `local: true`)"), 30),
  failureThreshold: z._default(wholeNumber([1, 10], "looks in a row"), 3),
});

const timing = mapping({
  propagationSeconds: z._default(wholeNumber([0, 3600], "seconds"), 60),
  apiPropagationSeconds: z._default(wholeNumber([0, 3600], "seconds"), 60),
  slackSeconds: z._default(wholeNumber([0, 3600], "seconds"), 10),
});

const dns = mapping({
  zone: dnsName,
  policy: POLICY,
  healthCheck: z.prefault(healthCheck, {}),
  timing: z.prefault(timing, {}),
  nameServers: z._default(list(nameServer, [0, SERVERS_MAX], "name servers"), []),
  resolvers: z._default(list(resolverUrl, [0, SERVERS_MAX], "resolvers"), ["https://dns.google/dns-query"]),
});

const location = mapping({
  continent: oneOf(CONTINENTS, "a continent's code"),
  country: text(/^[A-Z]{2}$/, "a country's code such as BE"),
  subdivision: z._default(z.nullable(text(/^[A-Z0-9]{1,3}$/, "the code of a country's subdivision such as CA")), null),
});

const vantage = mapping({
  id: label("a vantage id"),
  hint: z._default(z.nullable(oneOf(LOCATION_HINTS, HINT_WORDS)), null),
  private: z.optional(flag()),
  clientSubnet: z._default(z.nullable(clientSubnet), null),
  latencyOrder: z._default(list(awsRegion, [0, LATENCY_ORDER_MAX], "AWS regions"), []),
  location: z.optional(location),
  coordinates: z.optional(coordinates),
});

/** Rounds happen at whole milliseconds, and 1.0001 s has none. */
const probeInterval = z
  .number("a number from 10 to 3600 seconds (from 0.2 under `local: true`)")
  .check(
    z.refine(
      (value) => value >= 0.2 && value <= 3600 && Number.isInteger(value * 1000),
      "a number from 10 to 3600 seconds (from 0.2 under `local: true`), in whole milliseconds",
    ),
  );

const probe = mapping({
  intervalSeconds: z._default(probeInterval, 30),
  timeoutMs: z._default(wholeNumber([50, 60_000], "milliseconds"), 2500),
  phases: z._default(oneOf(["dial", "full"], "how much of a probe is timed"), "dial"),
  vantages: z._default(
    list(vantage, [1, VANTAGES_MAX], "vantages"),
    DEFAULT_HINTS.map((hint) => ({ id: hint, hint, clientSubnet: null, latencyOrder: [] })),
  ),
});

const objective = mapping({
  name: label("an objective's name"),
  indicator: z._default(oneOf(INDICATORS, "what the objective is about"), "availability"),
  thresholdMs: z._default(z.nullable(wholeNumber([1, 60_000], "milliseconds")), null),
  region: z._default(z.nullable(label("the id of a region")), null),
  method: z._default(oneOf(BUDGETING_METHODS, "what is counted"), "occurrences"),
  timeSliceTarget: z._default(
    z.nullable(
      z
        .number("a share over 0 and at most 1, such as 0.9")
        .check(z.refine((value) => value > 0 && value <= 1, "a share over 0 and at most 1, such as 0.9")),
    ),
    null,
  ),
  timeSliceMinutes: z._default(z.nullable(wholeNumber([1, 60], "minutes")), null),
  target: z
    .number("a share over 0 and under 1, such as 0.999")
    .check(z.refine((value) => value > 0 && value < 1, "a share over 0 and under 1, such as 0.999")),
  windowDays: wholeNumber([1, WINDOW_DAYS_MAX], "days"),
  burnAlerts: z.optional(
    list(oneOf(URGENCIES, "what people are told of"), [0, URGENCIES.length], "urgencies").check(
      z.refine((wished) => new Set(wished).size === wished.length, "each urgency once"),
    ),
  ),
});

const waiver = mapping({
  id: text(RULE_ID, "the id of a rule, such as KF-OVERRIDE-NOT-PLACED"),
  subject: z._default(
    z.nullable(text((value) => value.length <= 600 && value.includes(" "), "a kind and a name, such as Service a/b")),
    null,
  ),
  reason: text((value) => value.trim().length > 0 && value.length <= 500, "a reason of at most 500 characters"),
  until: text(isDay, "the last day on which it holds, such as 2027-01-01"),
});

/** At most a day, so that two of one weekday never meet. */
const recurringMaintenance = mapping({
  name: label("a name"),
  regions: z.optional(list(label("a region id"), [1, REGIONS_MAX], "region ids")),
  weekdays: list(oneOf(WEEKDAYS, "a weekday"), [1, WEEKDAYS.length], "weekdays"),
  start: text(/^([01]\d|2[0-3]):[0-5]\d$/, "a time of day from 00:00 to 23:59"),
  durationMinutes: wholeNumber([1, 1440], "minutes"),
  timeZone: text(isTimeZone, "a time zone of the IANA database, such as Europe/Brussels or UTC"),
});

/** The whole file. What it gives is a Topology, once `lint` is taken away. */
export const FILE = mapping({
  local: z._default(flag(), false),
  service: mapping({
    name: label("a service name"),
    host: dnsName,
    image: text(IMAGE_NAME, "a container image such as ghcr.io/your-org/multicloud-demo:1.0.0"),
    imagePullSecret: z.optional(objectName("a Secret in every cluster")),
    priorityClass: z.optional(objectName("a PriorityClass in every cluster")),
  }),
  regions: list(region, [1, REGIONS_MAX], "regions"),
  federation: z.optional(mapping({ context })),
  dns,
  probe: z.prefault(probe, {}),
  router: z.prefault(ROUTER, {}),
  objectives: z._default(list(objective, [0, OBJECTIVES_MAX], "objectives"), []),
  maintenance: z.optional(list(recurringMaintenance, [0, RECURRING_MAX], "windows that recur")),
  lint: z.prefault(mapping({ waivers: z._default(list(waiver, [0, WAIVERS_MAX], "waivers"), []) }), {}),
  alerts: z._default(ALERTS, []),
});

/** A day that the calendar has. */
function isDay(value: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(value) ? parseIso(`${value}T00:00:00Z`) : null;
  return at !== null && toIso(at).startsWith(value);
}

/** Wider IPv4 blocks than /8 and wider IPv6 blocks than /16 are nobody's network. */
function isClientSubnet(value: string): boolean {
  const block = parseBlock(value);
  return block !== null && block.length >= (block.bytes.length === 4 ? 8 : 16);
}
