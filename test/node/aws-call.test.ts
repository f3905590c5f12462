// One call inside the budget: which of the API's errors is worth another attempt, and what each is to us. moto has none of them.
import { Route53Client, UpdateHealthCheckCommand } from "@aws-sdk/client-route-53";
import { afterEach, describe, expect, test } from "vitest";
import { type AwsFailureCause, makeAwsCaller, ROUTE53_PACE } from "../../monitor/node/aws-call.ts";
import { errorXml, type Route53Server, startRoute53Server, type WrittenAnswer } from "../support/route53-server.ts";
import { makeVirtualClock } from "../support/virtual-clock.ts";

let server: Route53Server | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function update(answer: WrittenAnswer) {
  server = await startRoute53Server(() => answer);
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "not-a-secret" };
  const client = new Route53Client({ endpoint: server.url, region: "us-east-1", maxAttempts: 1, credentials });
  const told: string[] = [];
  const clock = makeVirtualClock(0);
  const caller = makeAwsCaller({ clock, random: () => 0.5, tell: (line) => told.push(line) });
  const reply = await caller.call("UpdateHealthCheck", ROUTE53_PACE, () =>
    client.send(new UpdateHealthCheckCommand({ HealthCheckId: "c1", HealthCheckVersion: 7, Disabled: true })),
  );
  client.destroy();
  return { reply, attempts: server.asked.length, told };
}

describe("what the API refuses", () => {
  test.each<{ code: string; status: number; cause: AwsFailureCause; attempts: number }>([
    { code: "HealthCheckVersionMismatch", status: 409, cause: "conflict", attempts: 1 },
    { code: "PriorRequestNotComplete", status: 400, cause: "throttled", attempts: 6 },
    { code: "Throttling", status: 400, cause: "throttled", attempts: 6 },
    { code: "ThrottlingException", status: 429, cause: "throttled", attempts: 6 },
    { code: "NoSuchHealthCheck", status: 404, cause: "not-found", attempts: 1 },
    { code: "AccessDenied", status: 403, cause: "denied", attempts: 1 },
    { code: "ExpiredToken", status: 403, cause: "denied", attempts: 1 },
    { code: "SignatureDoesNotMatch", status: 403, cause: "denied", attempts: 1 },
    { code: "InvalidInput", status: 400, cause: "refused", attempts: 1 },
    { code: "InternalError", status: 500, cause: "unavailable", attempts: 4 },
    { code: "ServiceUnavailable", status: 503, cause: "unavailable", attempts: 4 },
  ])("$code, $status, is $cause and asked for $attempts times at most", async ({ code, status, cause, attempts }) => {
    const run = await update(errorXml(code, "in its own words", status));
    expect(run.reply).toMatchObject({ kind: "failed", failure: { cause, detail: expect.stringContaining(code) } });
    expect(run.attempts).toBe(attempts);
    expect(run.told).toHaveLength(attempts - 1);
    expect(JSON.stringify(run)).not.toContain("not-a-secret");
  });
});
