import { expect, test } from "vitest";
import { makeApp } from "../../monitor/http/app.ts";
import { makeMetrics } from "../../monitor/report/metrics.ts";
import { RICH } from "../monitor/report/rich-status.ts";

const notAsked = (): Promise<never> => Promise.reject(new Error("not asked"));
const faces = {
  topologyProblems: [],
  readStatus: () => Promise.resolve(RICH),
  readSelf: notAsked,
  readRounds: notAsked,
  reports: { readRecent: notAsked, readBuckets: notAsked, readDays: notAsked, readDay: notAsked },
};

test("/metrics is Prometheus text, fresh for every scrape", async () => {
  const reply = await makeApp(faces).request("/metrics");
  expect(reply.status).toBe(200);
  expect(reply.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(reply.headers.get("cache-control")).toBe("no-store");
  expect(await reply.text()).toBe(makeMetrics(RICH));
});

test("/metrics of a broken topology is 503, so that the scrape fails", async () => {
  const reply = await makeApp({ ...faces, topologyProblems: [{ message: "expected a list" }] }).request("/metrics");
  expect(reply.status).toBe(503);
});
