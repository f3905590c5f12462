import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { describe, expect, test } from "vitest";
import { ANSWER_BYTES_MAX, boundAnswers } from "../../monitor/node/aws-body.ts";
import { makeAwsCaller } from "../../monitor/node/aws-call.ts";
import { CLOUDWATCH_REGION, makeStatusReader } from "../../monitor/node/cloudwatch-status.ts";
import { startRoute53Server, type WrittenAnswer } from "../support/route53-server.ts";
import { makeVirtualClock } from "../support/virtual-clock.ts";

const START = Date.UTC(2026, 10, 22, 12);

async function read(answer: WrittenAnswer): Promise<unknown> {
  const server = await startRoute53Server(() => answer);
  const client = new CloudWatchClient({
    endpoint: server.url,
    region: CLOUDWATCH_REGION,
    maxAttempts: 1,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "not-a-secret" },
  });
  boundAnswers(client);
  const caller = makeAwsCaller({ clock: makeVirtualClock(START), random: () => 0.5, tell: () => {} });
  const reply = await makeStatusReader(client, caller, START)(["check-1"]);
  client.destroy();
  await server.close();
  return reply;
}

describe("an answer of CloudWatch", () => {
  test.each([
    { name: "healthy", values: [1, 0], want: 1 },
    { name: "unhealthy", values: [0, 1], want: 0 },
    { name: "without data", values: [], want: null },
  ])("says by its latest value that a check is $name", async ({ values, want }) => {
    const body = JSON.stringify({ MetricDataResults: [{ Id: "h0", Values: values, StatusCode: "Complete" }] });
    const reply = await read({ status: 200, type: "application/x-amz-json-1.0", body });
    expect(reply).toEqual({ kind: "reply", value: { "check-1": want } });
  });

  test("that does not end is cut off, and is not the API's", async () => {
    const endless = { status: 200, type: "application/json", body: " ".repeat(ANSWER_BYTES_MAX + 1) };
    expect(await read(endless)).toMatchObject({
      kind: "failed",
      failure: {
        cause: "not-understood",
        detail: expect.stringContaining(`it is longer than ${ANSWER_BYTES_MAX} bytes`),
      },
    });
  });

  test.each([
    { name: "a sign-in page", body: "<html><body>Sign in to the Wi-Fi</body></html>" },
    { name: "nothing at all", body: "" },
    { name: "another API's", body: '{"message":"ok"}' },
  ])("that is $name is a failure, and no health", async ({ body }) => {
    expect(await read({ status: 200, type: "text/html", body })).toMatchObject({ kind: "failed" });
  });
});
