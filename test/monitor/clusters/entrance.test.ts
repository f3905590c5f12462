import { describe, expect, test } from "vitest";
import { discover } from "../../../monitor/clusters/entrance.ts";
import type { ClusterReading, Look } from "../../../monitor/clusters/sight.ts";
import { GATEWAY_SERVICES } from "../../../monitor/clusters/wish.ts";
import { AWS, EXAMPLE } from "../../support/example-topology.ts";

const balancer = (namespace: string, name: string, ...ingress: readonly object[]): object => ({
  metadata: { namespace, name },
  spec: { type: "LoadBalancer" },
  status: { loadBalancer: ingress.length === 0 ? {} : { ingress } },
});
const INNER = { metadata: { namespace: "demo", name: "inner" }, spec: { type: "ClusterIP" } };
const seen = (...objects: readonly object[]): Look => ({ kind: "seen", objects: objects as never });
const read = (own: Look, gateway: Look = seen()): ClusterReading => ({
  kind: "read",
  looks: { services: own, [GATEWAY_SERVICES]: gateway },
});
const IP = { ip: "192.0.2.10" };

describe("an entrance", () => {
  test.each([
    { name: "with the topology's address", reading: read(seen(INNER, balancer("demo", "lb", IP))), kind: "same" },
    {
      name: "with the same addresses in another order, some twice",
      reading: read(seen(balancer("demo", "lb", IP, IP))),
      kind: "same",
    },
    { name: "of the gateway", reading: read(seen(INNER), seen(balancer("istio-system", "gw", IP))), kind: "same" },
    {
      name: "with another address",
      reading: read(seen(balancer("demo", "lb", { ip: "192.0.2.11" }))),
      kind: "differs",
    },
    {
      name: "with one address more",
      reading: read(seen(balancer("demo", "lb", IP, { ip: "2001:db8::1" }))),
      kind: "differs",
    },
    {
      name: "with a name alone",
      reading: read(seen(balancer("demo", "lb", { hostname: "x.elb.amazonaws.com" }))),
      kind: "named",
    },
    { name: "that has nothing yet", reading: read(seen(balancer("demo", "lb"))), kind: "pending" },
    { name: "that is not there", reading: read(seen(INNER)), kind: "none" },
    {
      name: "that is one of two",
      reading: read(seen(balancer("demo", "lb", IP)), seen(balancer("istio-system", "gw", IP))),
      kind: "several",
    },
    {
      name: "that may not be read",
      reading: read(seen(balancer("demo", "lb", IP)), { kind: "forbidden", detail: "no" }),
      kind: "unread",
    },
    {
      name: "of a cluster that is gone",
      reading: { kind: "closed", cause: "unreachable", detail: "gone" } as const,
      kind: "unread",
    },
  ])("$name: $kind", ({ reading, kind }) => {
    expect(discover(AWS, reading, EXAMPLE, null).discovery.kind).toBe(kind);
  });

  test("that is one of two is named by who asks", () => {
    const reading = read(seen(balancer("demo", "lb", IP)), seen(balancer("istio-system", "gw", { ip: "192.0.2.11" })));
    expect(discover(AWS, reading, EXAMPLE, "istio-system/gw").discovery).toEqual({
      kind: "differs",
      entrance: { service: "istio-system/gw", addresses: ["192.0.2.11"], hostnames: [] },
      from: ["192.0.2.10"],
      to: ["192.0.2.11"],
    });
  });
});
