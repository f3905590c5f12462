import { describe, expect, test } from "vitest";
import { judgeReply, userUrl } from "../../monitor/conduct/user-requests.ts";
import type { NetReply } from "../../monitor/run/world.ts";
import { AWS, EXAMPLE, GCP } from "../support/example-topology.ts";

const [AWS_ADDRESS = ""] = AWS.endpoint.addresses;
const [GCP_ADDRESS = ""] = GCP.endpoint.addresses;

function claim(region: string, cluster: string | null = null): string {
  return JSON.stringify({ region, hostname: "p", podIP: "10.0.0.1", time: "2026-11-28T12:00:00Z", cluster });
}

function reply(status: number, body = claim(AWS.region)): NetReply {
  return { kind: "reply", status, body, phases: {}, totalMs: 12 };
}

test("a user comes by the service's own name, whatever the region's endpoint is called", () => {
  expect(userUrl(EXAMPLE, AWS_ADDRESS)).toBe(`https://${EXAMPLE.service.host}:443/`);
  expect(userUrl(EXAMPLE, "203.0.113.99")).toBe(`https://${EXAMPLE.service.host}:443/`);
});

describe("a reply", () => {
  test.each<[string, NetReply, string, string | null, string | null]>([
    ["of the region that was meant", reply(200), AWS_ADDRESS, AWS.id, null],
    ["of another region", reply(200, claim(GCP.region)), AWS_ADDRESS, null, "wrong-region"],
    ["of a region that nobody knows", reply(200, claim("mars-1")), AWS_ADDRESS, null, "wrong-region"],
    ["that is an error", reply(503), AWS_ADDRESS, null, "http-status"],
    ["that is a redirect", reply(302), AWS_ADDRESS, null, "redirected"],
    ["that claims nothing", reply(200, "<html>"), AWS_ADDRESS, null, "claim-unreadable"],
    [
      "that did not come",
      { kind: "failed", failure: { cause: "refused", detail: "" }, status: null, phases: {} },
      GCP_ADDRESS,
      null,
      "refused",
    ],
  ])("%s", (_name, given, address, served, cause) => {
    expect(judgeReply(EXAMPLE, address, given)).toMatchObject({ served, cause });
  });

  test("through the router may come from any region that is known", () => {
    expect(judgeReply(EXAMPLE, null, reply(200, claim(GCP.region)))).toMatchObject({ served: GCP.id, totalMs: 12 });
    expect(judgeReply(EXAMPLE, null, reply(200, claim("mars-1")))).toMatchObject({ served: null });
  });

  test("of two clusters in one cloud region is told apart by the cluster", () => {
    const twin = { ...AWS, id: "twin", cluster: { ...AWS.cluster, context: "twin" } };
    const both = { ...EXAMPLE, regions: [AWS, twin] };
    expect(judgeReply(both, null, reply(200, claim(AWS.region, "twin")))).toMatchObject({ served: "twin" });
    expect(judgeReply(both, null, reply(200, claim(AWS.region)))).toMatchObject({ served: AWS.id });
  });
});
