import { describe, expect, test } from "vitest";
import { route53Vote, userVote } from "../../../monitor/health/votes.ts";
import { AWS } from "../../support/example-topology.ts";
import { badLook, goodLook } from "../../support/looks.ts";

describe("one look, two votes", () => {
  test.each([
    { name: "a good look", seen: goodLook(AWS, "v", 0), route53: true, user: true },
    { name: "refused", seen: badLook(AWS, "v", 0), route53: false, user: false },
    { name: "503", seen: badLook(AWS, "v", 0, { cause: "http-status" }, { status: 503 }), route53: false, user: false },
    {
      name: "a redirect passes Route 53 and serves nobody",
      seen: badLook(AWS, "v", 0, { cause: "redirected" }, { status: 302 }),
      route53: true,
      user: false,
    },
    {
      name: "half a body passes Route 53",
      seen: badLook(AWS, "v", 0, { cause: "truncated" }, { status: 200 }),
      route53: true,
      user: false,
    },
    {
      name: "a body that never ends passes Route 53",
      seen: badLook(AWS, "v", 0, { cause: "timeout" }, { status: 200 }),
      route53: true,
      user: false,
    },
    {
      name: "the wrong region passes Route 53",
      seen: badLook(AWS, "v", 0, { cause: "wrong-region" }, { status: 200 }),
      route53: true,
      user: false,
    },
    {
      name: "a bad certificate after a good dial: Route 53 would not have looked at it",
      seen: badLook(AWS, "v", 0, { cause: "tls" }, { phases: { connect: 5 } }),
      route53: null,
      user: false,
    },
    {
      name: "a lost connection is lost for Route 53 too",
      seen: badLook(AWS, "v", 0, { cause: "connection-lost" }, { phases: { connect: 5 } }),
      route53: false,
      user: false,
    },
    {
      name: "a silent server fails both",
      seen: badLook(AWS, "v", 0, { cause: "timeout" }, { phases: { connect: 5 } }),
      route53: false,
      user: false,
    },
    {
      name: "a look that never started says nothing",
      seen: badLook(AWS, "v", 0, { cause: "not-started" }),
      route53: null,
      user: null,
    },
    {
      name: "a fault of ours says nothing",
      seen: badLook(AWS, "v", 0, { cause: "internal" }),
      route53: null,
      user: null,
    },
  ])("$name", ({ seen, route53, user }) => {
    expect({ route53: route53Vote(seen), user: userVote(seen) }).toEqual({ route53, user });
  });
});
