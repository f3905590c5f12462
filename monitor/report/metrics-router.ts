// The router's metrics: what it counted, and what is out of the ordinary at each region. None where it is off.
import { alone, counter, flag, gauge } from "./metric-family.ts";
import type { MetricFamily, Sample } from "./prometheus-text.ts";
import type { RouterRow } from "./router-words.ts";

export function routerFamilies(router: RouterRow | undefined): readonly MetricFamily[] {
  if (router === undefined) return [];
  const { regions, isolates, requests, retries, vainRetries, failOpen } = router;
  const each = (value: (region: RouterRow["regions"][number]) => number): readonly Sample[] =>
    regions.map((region) => ({ labels: { region: region.id }, value: value(region) }));
  return [
    counter("edge_router_requests_total", "Requests that were routed, as far as isolates have told.", [
      alone(requests),
    ]),
    counter(
      "edge_router_served_total",
      "Requests that the region answered, or to which a redirect named it, as far as isolates have told.",
      regions.flatMap(({ id, served }) => (served === undefined ? [] : [{ labels: { region: id }, value: served }])),
    ),
    counter("edge_router_retries_total", "Requests that were tried at a second region.", [alone(retries)]),
    counter("edge_router_vain_retries_total", "Of them, those that it did not help.", [alone(vainRetries)]),
    gauge("edge_router_isolates", "Isolates of the router that told something lately.", [alone(isolates)]),
    gauge("edge_router_fail_open", "1 where requests were lately sent although all regions were down.", [
      alone(flag(failOpen)),
    ]),
    gauge(
      "edge_router_drained",
      "1 where the router sends no new requests.",
      each(({ drain }) => (drain === null ? 0 : 1)),
    ),
    gauge(
      "edge_router_suspected_by",
      "Isolates that the region failed a moment ago.",
      each(({ suspectedBy }) => suspectedBy),
    ),
    gauge(
      "edge_router_mismatch",
      "1 where a reply to a routed request lately claimed another region.",
      each(({ mismatch }) => (mismatch === null ? 0 : 1)),
    ),
  ];
}
