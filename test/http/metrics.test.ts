import { expect, test } from "vitest";
import { makeApp } from "../../monitor/http/app.ts";
import { NO_METERS } from "../../monitor/report/meters.ts";
import { makeMetrics } from "../../monitor/report/metrics.ts";
import { RICH, RICH_METERS } from "../monitor/report/rich-status.ts";

const SOURCE = { status: RICH, meters: RICH_METERS };
const notAsked = (): Promise<never> => Promise.reject(new Error("not asked"));
const faces = {
  topologyProblems: [],
  readStatus: notAsked,
  readMetrics: () => Promise.resolve(SOURCE),
  readSelf: notAsked,
  readRounds: notAsked,
  reports: { readRecent: notAsked, readBuckets: notAsked, readDays: notAsked, readDay: notAsked },
};

test("/metrics is Prometheus text, fresh for every scrape", async () => {
  const reply = await makeApp(faces).request("/metrics");
  expect(reply.status).toBe(200);
  expect(reply.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(reply.headers.get("cache-control")).toBe("no-store");
  expect(await reply.text()).toBe(makeMetrics(SOURCE));
});

test("/metrics without meters tells the status alone", async () => {
  const { readMetrics: _none, ...others } = faces;
  const reply = await makeApp({ ...others, readStatus: () => Promise.resolve(RICH) }).request("/metrics");
  expect(await reply.text()).toBe(makeMetrics({ status: RICH, meters: NO_METERS }));
});

test("/metrics of a broken topology is 503, so that the scrape fails", async () => {
  const reply = await makeApp({ ...faces, topologyProblems: [{ message: "expected a list" }] }).request("/metrics");
  expect(reply.status).toBe(503);
});
