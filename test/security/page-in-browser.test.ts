// The status page under its own security policy, in a real browser: styled, and without a single complaint. Skipped, and
// saying so, where there is no browser.
import { createServer } from "node:http";
import { afterAll, describe, expect, test } from "vitest";
import { makeApp } from "../../monitor/http/app.ts";
import { createAppServer } from "../../monitor/local/app-server.ts";
import { closeListener, listenOn } from "../../monitor/local/listening.ts";
import { RICH } from "../monitor/report/rich-status.ts";
import { BROWSER, hasBrowser, visit } from "./browser.ts";

if (!hasBrowser) console.log(`skipped: no browser at ${BROWSER} (name one in CHROMIUM)`);

const never = (): Promise<never> => Promise.reject(new Error("not asked"));
const app = makeApp({
  topologyProblems: [],
  readStatus: () => Promise.resolve(RICH),
  readSelf: never,
  readRounds: never,
  reports: { readRecent: never, readBuckets: never, readDays: never, readDay: never },
});
const server = createAppServer(app);
/** The same page with what its policy forbids. */
const page = await app.request("/");
const pageText = await page.text();
const FORBIDDEN = '<p style="color: red">x</p><script>document.title = "run"</script>';
const careless = createServer((_request, reply) => {
  reply.writeHead(200, Object.fromEntries(page.headers)).end(pageText.replace("<main>", `<main>${FORBIDDEN}`));
});
afterAll(async () => {
  for (const one of [server, careless].filter(({ listening }) => listening)) {
    one.closeAllConnections();
    await closeListener(one);
  }
});

/** The rule of `header.deviates`, and what the sheet says of the shapes before words. */
const LOOKS = `(() => {
  const header = getComputedStyle(document.querySelector("header"));
  return { border: header.borderLeftStyle, width: header.borderLeftWidth, title: document.title,
    dot: getComputedStyle(document.querySelector(".mark"), "::before").content.codePointAt(1) };
})()`;

describe.skipIf(!hasBrowser)("a browser", { timeout: 90_000 }, () => {
  test("shows the page styled, and has nothing to complain of", async () => {
    const port = await listenOn(server, { host: "127.0.0.1", port: 0 });
    const { value, complaints } = await visit(`http://127.0.0.1:${port}/`, LOOKS);
    expect(value).toMatchObject({ border: "solid", width: "6px", dot: 0x25a0, title: "deviates: multicloud-demo" });
    expect(complaints).toEqual([]);
  });

  test("refuses a style and a script that somebody got into it", async () => {
    const port = await listenOn(careless, { host: "127.0.0.1", port: 0 });
    const { value, complaints } = await visit(`http://127.0.0.1:${port}/`, LOOKS);
    expect(value).toMatchObject({ title: "deviates: multicloud-demo" });
    expect(complaints.filter((one) => one.includes("Content Security Policy")).length).toBeGreaterThanOrEqual(2);
  });
});
