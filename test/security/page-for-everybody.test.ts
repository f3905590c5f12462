// The status page for those who use a phone, the night, a keyboard or a screen reader, as a real browser and axe-core see it; and
// whether what we write is what a parser makes of it. Skipped, and saying so, where there is no browser.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterAll, describe, expect, test } from "vitest";
import { makeApp } from "../../monitor/http/app.ts";
import { createAppServer } from "../../monitor/local/app-server.ts";
import { closeListener, listenOn } from "../../monitor/local/listening.ts";
import { badgeSvg } from "../../monitor/report/badge.ts";
import { rssFeed } from "../../monitor/report/feed.ts";
import { makeStatus } from "../../monitor/report/status.ts";
import type { StatusReport } from "../../monitor/report/status-schema.ts";
import { EMPTY_STATE } from "../../monitor/run/state.ts";
import { HOUR_MS, parseIso } from "../../monitor/time.ts";
import { hourBuckets } from "../monitor/report/hour-buckets.ts";
import { STATUS as PROMISING } from "../monitor/report/objective-example.ts";
import { RICH } from "../monitor/report/rich-status.ts";
import { AWS, EXAMPLE } from "../support/example-topology.ts";
import { BROWSER, hasBrowser, type Screen, visit } from "./browser.ts";

if (!hasBrowser) console.log(`skipped: no browser at ${BROWSER} (name one in CHROMIUM)`);

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const BROWSER_MS = 90_000;
const PHONE_AT_NIGHT: Screen = { width: 390, scheme: "dark" };
const DESK_BY_DAY: Screen = { width: 1280, scheme: "light" };

/** With something of everything. */
const FULL: StatusReport = {
  ...RICH,
  regions: RICH.regions.map((region, index) => (index === 1 ? { ...region, maintenance: "m1" } : region)),
  maintenance: [
    {
      id: "m1",
      title: "new kernel",
      state: "active",
      regions: [AWS.id],
      from: "1970-01-01T00:00:00.000Z",
      until: "1970-01-01T02:00:00.000Z",
      recurring: true,
    },
  ],
  ...(PROMISING.objectives === undefined ? {} : { objectives: PROMISING.objectives }),
};
const SCENES: Readonly<Record<string, StatusReport>> = {
  "with something of everything": FULL,
  "before the first round": makeStatus(EXAMPLE, EMPTY_STATE, 0),
  "of a monitor that fell silent": {
    ...RICH,
    regions: RICH.regions.map((region) => ({ ...region, userHealth: "unknown" as const })),
  },
};

const never = (): Promise<never> => Promise.reject(new Error("not asked"));
const servers = Object.values(SCENES).map((status) => {
  const last = parseIso(status.generatedAt) ?? 0;
  const hours = Array.from({ length: 24 }, (_, index) => last - (last % HOUR_MS) - index * HOUR_MS).toReversed();
  const history = hourBuckets(EXAMPLE, hours, (from) =>
    from % (5 * HOUR_MS) === 0 ? null : { up: 300, down: 30, missed: 20, maintenance: 10 },
  );
  return createAppServer(
    makeApp({
      topologyProblems: [],
      readStatus: () => Promise.resolve(status),
      readSelf: never,
      readRounds: never,
      reports: { readRecent: never, readBuckets: () => Promise.resolve(history), readDays: never, readDay: never },
    }),
  );
});
afterAll(async () => {
  for (const server of servers.filter(({ listening }) => listening)) {
    server.closeAllConnections();
    await closeListener(server);
  }
});

/** The rules that are broken, with the places; the widths; and how often each tag was made by the parser. */
const LOOK = `(async () => {
  ${AXE};
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  const made = {};
  for (const { localName } of document.querySelectorAll("*")) made[localName] = (made[localName] ?? 0) + 1;
  return {
    violations: violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" ").slice(0, 300)),
    overflows: document.documentElement.scrollWidth > document.documentElement.clientWidth,
    made,
  };
})()`;

describe.skipIf(!hasBrowser)("the page", { timeout: BROWSER_MS }, () => {
  const rows = Object.keys(SCENES).flatMap((scene, index) =>
    [PHONE_AT_NIGHT, DESK_BY_DAY].map((screen) => ({ scene, index, screen })),
  );
  test.each(rows)("$scene breaks no rule of axe, $screen.width px, $screen.scheme", async ({ index, screen }) => {
    const server = servers[index];
    if (server === undefined) throw new Error("no such scene");
    const place = server.address() as { readonly port: number } | null;
    const port = place?.port ?? (await listenOn(server, { host: "127.0.0.1", port: 0 }));
    const url = `http://127.0.0.1:${port}/?refresh=off`;
    const { value, complaints } = await visit(url, LOOK, screen);
    expect(value).toMatchObject({ violations: [], overflows: false });
    expect(complaints).toEqual([]);
    const written: Record<string, number> = {};
    for (const [, tag = ""] of (await (await fetch(url)).text()).matchAll(/<([a-z][a-z0-9]*)/g))
      written[tag] = (written[tag] ?? 0) + 1;
    expect((value as { readonly made: unknown }).made).toEqual(written);
  });
});

describe.skipIf(!hasBrowser)("an XML parser", { timeout: BROWSER_MS }, () => {
  test("takes feed and badges as they are, whatever words are in them", async () => {
    const evil = `"><script>alert(1)</script>]]>&x;\u0000\uFFFE<!--`;
    const feed = rssFeed(
      { ...FULL, incidents: FULL.incidents.map((one) => ({ ...one, reason: evil })) },
      "http://a.example",
    );
    const badge = badgeSvg({
      schemaVersion: 1,
      label: evil,
      message: evil,
      color: "red",
      isError: true,
      cacheSeconds: 300,
    });
    const parse = `[${[feed, badge].map((text) => JSON.stringify(text)).join(",")}].map((text) => {
      const parsed = new DOMParser().parseFromString(text, "application/xml");
      return { root: parsed.documentElement.localName, errors: parsed.querySelectorAll("parsererror").length,
        scripts: parsed.querySelectorAll("script").length };
    })`;
    const fine = { errors: 0, scripts: 0 };
    expect((await visit("about:blank", parse)).value).toEqual([
      { root: "rss", ...fine },
      { root: "svg", ...fine },
    ]);
  });
});
