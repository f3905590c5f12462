// The same schema once more for editors: completion, descriptions and red lines while the file is being written. Apart
// from `schema.ts`, because the generator and these texts have no place in the Worker's bundle.
import { editorSchema, type Json } from "./editor-schema.ts";
import { FILE } from "./schema.ts";

/** What an editor shows for a field, by the field's path; lists and unions add no step to it. */
export const DESCRIPTIONS: Readonly<Record<string, string>> = {
  local: "True in the local world and in tests only: plain HTTP, loopback addresses and odd intervals are allowed.",
  service: "The service under watch.",
  "service.name": "Its name in Kubernetes and in reports.",
  "service.host": "The name that users resolve; it must be in dns.zone.",
  "service.image": "The container image that every cluster runs; with a digest (@sha256:…), the same bytes.",
  "service.imagePullSecret":
    "Secret for a private registry, in the service's namespace of every cluster. Made by hand.",
  "service.priorityClass": "PriorityClass of the Pods. It must exist in every cluster.",
  regions: "Every deployment of the service. Placements, overrides and record sets follow from this list.",
  "regions.id": "Name of the region here, in reports, and as set identifier in Route 53.",
  "regions.region": "Cloud region code, and the REGION that the service there must claim.",
  "regions.cloud": "The CLOUD that the service there is told, such as aws or gcp.",
  "regions.awsRegion":
    "AWS region of its latency record; outside AWS, the AWS region nearest to it. No two may be equal.",
  "regions.cluster.context": "Context name in the kubeconfig, and the cluster's name in federation.",
  "regions.endpoint.url": "Scheme, host and port under watch. The host must be the region's own, never service.host.",
  "regions.endpoint.addresses": "What DNS answers for this region: IPv4 in A records, IPv6 in AAAA records.",
  "regions.dnsHealthCheck": "False: its record set has no health check, so Route 53 always considers it healthy.",
  "regions.coordinates":
    "Where it is, in degrees with two decimals at most, for geoproximity routing; left out: where its awsRegion is.",
  dns: "The hosted zone, its policy, and how to ask it.",
  "dns.zone": "Name of the hosted zone, without a final dot.",
  "dns.policy": "How Route 53 chooses among the regions.",
  "dns.policy.routing":
    "simple: all addresses; failover: primary while healthy; latency, geoproximity: nearest healthy region; weighted: by chance; geolocation: by the asker's place; multivalue: up to eight healthy addresses; ip-based: by the asker's network.",
  "dns.policy.weights": "0 to 255 by region id; 0 answers only while nothing else is healthy.",
  "dns.policy.locations":
    "Places by region id: a continent (EU), a country (BE), a subdivision (US-CA), or * for everywhere else.",
  "dns.policy.biases": "-99 to 99 by region id: above zero the region draws users from farther away.",
  "dns.policy.blocks": "CIDR blocks of users by region id.",
  "dns.policy.default": "Id of the region that answers everybody else.",
  "dns.policy.primary": "Id of the region that answers while it is healthy, and when none is.",
  "dns.policy.secondary": "Id of the region that answers while the primary is unhealthy.",
  "dns.policy.ttlSeconds": "How long resolvers keep an answer; at most 60 where health checks decide.",
  "dns.healthCheck": "Route 53's health checks, one for each region, all with these settings.",
  "dns.healthCheck.intervalSeconds": "10 (fast, costs more) or 30.",
  "dns.healthCheck.failureThreshold": "Looks in a row that change a checker's opinion, in both directions.",
  "dns.timing": "How long changes may take before they count against the policy.",
  "dns.timing.propagationSeconds": "From a changed health to changed answers everywhere; Route 53 documents no bound.",
  "dns.timing.apiPropagationSeconds": "From a call of UpdateHealthCheck to its effect on answers' health.",
  "dns.timing.slackSeconds": "Added for caches that keep answers a little longer than their TTL.",
  "dns.nameServers":
    "Authoritative servers as host, host:port or [IPv6]:port. Empty: looked up through the resolvers, in turn.",
  "dns.resolvers": "DNS over HTTPS resolvers that show what users get.",
  probe: "What our own vantages do.",
  "probe.intervalSeconds": "One round of probes each so many seconds.",
  "probe.timeoutMs": "Longest probe; at most half of the interval.",
  "probe.phases": "dial: connect, ttfb, transfer. full: TLS as well, by a second dial (experimental).",
  "probe.vantages": "Places that look.",
  "probe.vantages.hint":
    "Where Cloudflare is asked to place the vantage; best effort. Left out where `private` is true.",
  "probe.vantages.private":
    "True: a process of yours, inside an office, a VPC or another provider, looks by itself and reports (`monitor vantage`).",
  "probe.vantages.clientSubnet":
    "Sent to the authoritative servers as EDNS client subnet, so that they answer as for users there.",
  "probe.vantages.latencyOrder": "AWS regions, lowest latency first, as Route 53 ranks them for this vantage.",
  "probe.vantages.location": "Where Route 53 takes this vantage to be, for geolocation routing.",
  "probe.vantages.coordinates": "Where this vantage is, in degrees, for geoproximity routing.",
  router: "The optional geo-router.",
  "router.mode":
    "off: no request is routed. redirect: 307 to the region's own endpoint. proxy: requests pass through to it.",
  "router.host":
    "The name whose requests are routed; left out: service.host. All other names show the monitor's faces.",
  "router.steering":
    "How the regions are ordered for a request. Regions that are not healthy come after those that are.",
  "router.steering.by":
    "failover: a fixed order; weighted: by chance; geo: by the caller's country or continent; proximity: nearest on the globe; latency: fastest from the vantage that is nearest to the caller.",
  "router.steering.order": "Region ids, the first choice first; empty: as dns.policy, then as the regions are listed.",
  "router.steering.weights": "0 to 255 by region id; 0, or none, is chosen only while nothing else is healthy.",
  "router.steering.places":
    "Places by region id: a continent (EU), a country (BE), a subdivision (US-CA), or * for everywhere else.",
  "router.affinity":
    "Keeps a client at its region by a cookie that holds the region's id; needs the secret AFFINITY_SECRET.",
  "router.affinity.cookie": "Its name.",
  "router.affinity.ttlSeconds": "How long a choice holds.",
  "router.affinity.drainSeconds": "How long a drained region keeps those who have its cookie.",
  "router.retry": "When a request is tried once more, at another region.",
  "router.retry.waitMs":
    "Longest silence of a region before a request that may be repeated goes elsewhere; left out: probe.timeoutMs.",
  "router.retry.bodyBytesMax":
    "Bodies up to this are kept, so that a request which never reached a region can go to another one; 0: none are.",
  "router.retry.budgetShare":
    "Retries that did not help, as a share of requests, so that an outage does not double the load.",
  objectives:
    "What the service promises: each has an error budget that is counted from every round (docs/objectives.md).",
  "objectives.name": "Its name on the faces and in metrics.",
  "objectives.indicator":
    "availability: a look is good where a user was served. latency: where a user was served within thresholdMs.",
  "objectives.thresholdMs": "With latency: the longest good fetch of the health path, at most probe.timeoutMs.",
  "objectives.region":
    "Id of the region that promises it; left out: the service, looked at in the region to which DNS leads users at each vantage.",
  "objectives.method":
    "occurrences: each look counts. timeslices: each stretch of timeSliceMinutes counts as good or bad as a whole.",
  "objectives.timeSliceTarget": "With timeslices: the share of its looks that makes a slice good.",
  "objectives.timeSliceMinutes": "With timeslices: the length of a slice; left out: 5. At least probe.intervalSeconds.",
  "objectives.target": "Share of what was measured in the window that must be good, such as 0.999.",
  "objectives.windowDays": "The rolling window, in days.",
  "objectives.burnAlerts":
    "What channels of alerts are told of where its error budget burns too fast: page (2 % of 30 days in an hour, 5 % in six), ticket (10 % in a day or in three). Left out: nothing.",
  maintenance: "Windows that come every week: regions in them are looked at as always, count apart, and page nobody.",
  "maintenance.name": "Its name on the status page; with the instant of its beginning, its id.",
  "maintenance.regions": "Ids of the regions that may fail; left out: all.",
  "maintenance.weekdays": "The days on which it begins, by the calendar of its time zone.",
  "maintenance.start":
    "When it begins there. A time that clocks skip is so much later; one that comes twice is the first.",
  "maintenance.durationMinutes": "How long it lasts, also where clocks change in between; at most a day.",
  "maintenance.timeZone": "Where start is told, such as Europe/Brussels.",
  lint: "What `monitor lint` and `monitor verify` are told.",
  "lint.waivers": "Findings that somebody has looked at and takes for a while.",
  "lint.waivers.subject":
    "What the finding is about, as the command writes it, for verify also with its cluster (Deployment demo in CONTEXT); left out: all findings of the rule.",
  "lint.waivers.until": "The last day on which it holds, in UTC. After it the finding counts again.",
  alerts: "Who is told of incidents (docs/alerts.md).",
  "alerts.name": "Its name on faces and in metrics.",
  "alerts.kind":
    "webhook: our JSON, signed. slack: an incoming webhook. pagerduty: Events API v2. heartbeat: called after every stored round, so that somebody notices when that stops.",
  "alerts.url": "Where it is called, https; a secret, so best from a variable.",
  "alerts.secret": "Signs what is sent as Standard Webhooks do: whsec_ and random bytes in base64, from a variable.",
  "alerts.routingKey": "Integration key of the PagerDuty service, from a variable.",
  "alerts.on":
    "opened, closed: an incident. reminder: it is still open. blind: nobody could look for three rounds. report: the report of each day.",
  "alerts.subjects": "Subjects of verdicts that it is told of, or with a final * how they begin.",
  "alerts.remindMinutes": "Between two reminders.",
  "alerts.minOpenSeconds": "An incident that is over sooner is not told.",
};

/** JSON Schema, draft 2020-12, of what a file may say before defaults are put in; the same in every run. */
export function topologyJsonSchema(): Json {
  return editorSchema(FILE, {
    title: "Topology of multicloud-probe",
    descriptions: DESCRIPTIONS,
    texts: "may hold variables",
  });
}
