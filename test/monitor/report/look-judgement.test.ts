// What a look is worth to users, and to Route 53, which has other rules.
import { describe, expect, test } from "vitest";
import type { Look } from "../../../monitor/report/look.ts";
import { route53Opinion } from "../../../monitor/report/look-route53.ts";
import { judgeHops, judgeLook } from "../../../monitor/report/look-verdict.ts";
import { endedInBody, failedIn, GOOD_LOOK, withStatus } from "./look-examples.ts";

const { tls } = GOOD_LOOK;
const INVALID: Partial<Look> = {
  tls: tls === null ? null : { ...tls, problems: ["it expired 3 d ago, on 2026-11-19"] },
};
const refused = { cause: "refused", detail: "The connection was refused (ECONNREFUSED)." } as const;
const timeout = { cause: "timeout", detail: "There was no answer in time." } as const;
const phases = (changes: Look["phases"]): Partial<Look> => ({ phases: { ...GOOD_LOOK.phases, ...changes } });

test.each<{ name: string; look: Partial<Look>; user: string; route53: string; words: string }>([
  { name: "200 in time", look: {}, user: "conforms", route53: "passes", words: "status 200, 52 ms after connecting" },
  { name: "a redirect", look: withStatus(302), user: "conforms", route53: "passes", words: "status 302" },
  {
    name: "status 199",
    look: withStatus(199),
    user: "deviates",
    route53: "fails",
    words: "status 199, not 2xx or 3xx",
  },
  {
    name: "status 400",
    look: withStatus(400),
    user: "deviates",
    route53: "fails",
    words: "status 400, not 2xx or 3xx",
  },
  { name: "an expired certificate", look: INVALID, user: "deviates", route53: "passes", words: "status 200" },
  {
    name: "a connection in 4 s",
    look: phases({ connect: 4000 }),
    user: "conforms",
    route53: "passes",
    words: "status 200",
  },
  {
    name: "a connection in more",
    look: phases({ connect: 4000.1 }),
    user: "conforms",
    route53: "fails",
    words: "to connect, more than 4 s",
  },
  {
    name: "a status line in 2 s",
    look: phases({ tls: 0, ttfb: 2000 }),
    user: "conforms",
    route53: "passes",
    words: "status 200, 2 s after",
  },
  {
    name: "a status line in more",
    look: phases({ ttfb: 2000.1 }),
    user: "conforms",
    route53: "fails",
    words: "to the status line, more than 2 s",
  },
  {
    name: "a handshake that takes the status over 2 s",
    look: phases({ tls: 1500, ttfb: 600 }),
    user: "conforms",
    route53: "unknown",
    words: "AWS does not say",
  },
  {
    name: "the text where it is searched",
    look: { search: "within" },
    user: "conforms",
    route53: "passes",
    words: "in the first 5120 bytes",
  },
  {
    name: "the text behind that",
    look: { search: "beyond" },
    user: "conforms",
    route53: "fails",
    words: "does not lie within",
  },
  {
    name: "no such text",
    look: { search: "absent" },
    user: "deviates",
    route53: "fails",
    words: "the text is not in the body",
  },
  {
    name: "the text, but slowly",
    look: { search: "within", ...phases({ transfer: 2001 }) },
    user: "conforms",
    route53: "fails",
    words: "for the body, more than 2 s",
  },
  ...(
    [
      ["timeout", 2000, "fails", "no end of the body after 2 s, its limit is 2 s"],
      ["timeout", 1999, "unknown", "this look gave up after 1.9 s of the body; Route 53 waits 2 s"],
      ["timeout", 800, "unknown", "this look gave up after 800 ms of the body; Route 53 waits 2 s"],
      ["truncated", 5, "fails", "the body ended before the text: truncated"],
      ["internal", 5, "unknown", "this look was not really made"],
    ] as const
  ).map(([cause, failedAfterMs, route53, words]) => ({
    name: `a body that is not read far enough (${cause} after ${failedAfterMs} ms)`,
    look: { search: "unread", ...endedInBody(cause, failedAfterMs) } as const,
    user: cause === "internal" ? "undecided" : "deviates",
    route53,
    words,
  })),
  {
    name: "the text in a body that does not end",
    look: { search: "within", ...endedInBody("timeout", 800) },
    user: "deviates",
    route53: "unknown",
    words: "AWS does not say whether its checkers wait for the end of the body",
  },
  {
    name: "the text in a body that does not end for 2 s",
    look: { search: "within", ...endedInBody("timeout", 2000) },
    user: "deviates",
    route53: "fails",
    words: "no end of the body after 2 s, its limit is 2 s",
  },
  {
    name: "no text in what is searched of a body that does not end",
    look: { search: "absent", ...endedInBody("timeout", 800) },
    user: "deviates",
    route53: "fails",
    words: "the text does not lie within the first 5120 bytes",
  },
  {
    name: "half a body",
    look: { failure: { cause: "truncated", phase: "transfer", detail: "cut" } },
    user: "deviates",
    route53: "passes",
    words: "it reads no more",
  },
  {
    name: "a refused connection",
    look: failedIn("connect", refused, 1),
    user: "deviates",
    route53: "fails",
    words: "refused in connect",
  },
  {
    name: "no name",
    look: failedIn("dns", { cause: "name-not-resolved", detail: "no (ENOTFOUND)." }, 1),
    user: "deviates",
    route53: "fails",
    words: "name-not-resolved in dns",
  },
  {
    name: "a silent resolver",
    look: failedIn("dns", timeout, 10_000),
    user: "deviates",
    route53: "unknown",
    words: "our resolver did not answer",
  },
  {
    name: "no connection for 4 s",
    look: failedIn("connect", timeout, 4000),
    user: "deviates",
    route53: "fails",
    words: "no end of connect after 4 s",
  },
  {
    name: "no connection for a second",
    look: failedIn("connect", timeout, 1000),
    user: "deviates",
    route53: "unknown",
    words: "gave up after 1 s of connect; Route 53 waits 4 s",
  },
  {
    name: "no status for 2 s",
    look: failedIn("ttfb", timeout, 2000),
    user: "deviates",
    route53: "fails",
    words: "no end of ttfb",
  },
  {
    name: "no status for a second",
    look: failedIn("ttfb", timeout, 1999),
    user: "deviates",
    route53: "unknown",
    words: "gave up",
  },
  {
    name: "a resolver that is out of order",
    look: failedIn("dns", { cause: "name-not-resolved", detail: "no (EAI_AGAIN)." }, 1),
    user: "undecided",
    route53: "fails",
    words: "dns",
  },
  {
    name: "no network here",
    look: failedIn("connect", { cause: "unreachable", detail: "no (ENETUNREACH)." }, 1),
    user: "undecided",
    route53: "fails",
    words: "unreachable",
  },
  {
    name: "a firewall here",
    look: failedIn("connect", { cause: "blocked", detail: "no (EACCES)." }, 1),
    user: "undecided",
    route53: "unknown",
    words: "not really made",
  },
  {
    name: "a server without HTTP/2",
    look: { ...failedIn("tls", { cause: "tls", detail: "no HTTP/2" }, 1), tls },
    user: "deviates",
    route53: "unknown",
    words: "ended before a status",
  },
  {
    name: "a handshake that failed",
    look: failedIn("tls", { cause: "tls", detail: "no" }, 1),
    user: "deviates",
    route53: "fails",
    words: "no status: tls",
  },
])("$name: $user for users, $route53 for Route 53", ({ look, user, route53, words }) => {
  const seen = { ...GOOD_LOOK, ...look };
  expect(judgeLook(seen).verdict).toBe(user);
  const opinion = route53Opinion(seen);
  expect(opinion.outcome).toBe(route53);
  expect(opinion.reason).toContain(words);
});

test.each<{ name: string; look: Partial<Look>; remark: string | null }>([
  { name: "an ordinary look", look: {}, remark: null },
  {
    name: "a private address",
    look: { remote: { address: "10.0.0.1", port: 443 } },
    remark: "its checkers cannot reach 10.0.0.1, which is private",
  },
  {
    name: "IPv6 by name",
    look: { remote: { address: "2001:db8::1", port: 443 } },
    remark: "checks by name use IPv4 only, this look went by IPv6",
  },
  { name: "HEAD", look: { method: "HEAD" }, remark: "its checkers send GET" },
  {
    name: "HTTP/2",
    look: { reply: { version: "2", status: 200, headers: {}, skewMs: null } },
    remark: "its checkers speak HTTP/1.1",
  },
  { name: "an invalid certificate", look: INVALID, remark: "it validates no certificate" },
])("$name has the remark: $remark", ({ look, remark }) => {
  expect(route53Opinion({ ...GOOD_LOOK, ...look }).remarks).toEqual(remark === null ? [] : [remark]);
});

describe("redirects", () => {
  const redirect = { ...GOOD_LOOK, ...withStatus(302) };
  test.each([
    { name: "that end well", hops: [redirect, GOOD_LOOK], ended: null, verdict: "conforms", reason: "status 200" },
    {
      name: "that end with 500",
      hops: [redirect, { ...GOOD_LOOK, ...withStatus(500) }],
      ended: null,
      verdict: "deviates",
      reason: "status 500, not 2xx or 3xx",
    },
    {
      name: "without an end",
      hops: [redirect],
      ended: "more than 10 redirects",
      verdict: "deviates",
      reason: "more than 10 redirects",
    },
    {
      name: "of which one has a bad certificate",
      hops: [{ ...redirect, ...INVALID }, GOOD_LOOK],
      ended: null,
      verdict: "deviates",
      reason: "it expired 3 d ago, on 2026-11-19",
    },
    { name: "of which there is none", hops: [], ended: null, verdict: "undecided", reason: "nothing was looked at" },
  ])("$name: $verdict", ({ hops, ended, verdict, reason }) => {
    expect(judgeHops(hops, ended)).toMatchObject({ verdict, reason });
  });
});
