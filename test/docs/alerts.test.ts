// What docs/alerts.md tells receivers to do is done here, word for word, with what the sender really makes.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { dailyCost } from "../../monitor/topology/cost.ts";
import { parseTopology } from "../../monitor/topology/parse.ts";
import { signedHeaders } from "../../monitor/wire/signature.ts";
import { heartbeat, webhook } from "../support/alert-channels.ts";
import { EXAMPLE } from "../support/example-topology.ts";
import { ROOT } from "../support/source-files.ts";
import { SMALLEST } from "../support/topology-text.ts";

const GUIDE = readFileSync(join(ROOT, "docs/alerts.md"), "utf8");

function blockOf(language: string): string {
  const [, block] = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "s").exec(GUIDE) ?? [];
  if (block === undefined) throw new Error(`docs/alerts.md has no ${language}`);
  return block;
}

interface Snippet {
  readonly isOurs: (headers: object, body: string, secret: string, nowSeconds?: number) => boolean;
}

const snippet = (await import(
  /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(blockOf("js"))}`
)) as Snippet;

const SECRET = `whsec_${Buffer.from("a secret of 32 bytes, no less no").toString("base64")}`;
const AT = 1_767_225_600_000;
const BODY = '{"type":"incident.opened","text":"é"}';

describe("the guide's own verification", () => {
  test("takes what we sign, and with a rotated secret one of several signatures", async () => {
    const headers = await signedHeaders("msg_1", BODY, SECRET, AT);
    expect(snippet.isOurs(headers, BODY, SECRET, AT / 1000 + 299)).toBe(true);
    const rotated = { ...headers, "webhook-signature": `v1,AAAA ${headers["webhook-signature"]}` };
    expect(snippet.isOurs(rotated, BODY, SECRET, AT / 1000)).toBe(true);
  });

  test.each<{ name: string; edit: object; body?: string; secret?: string; after?: number }>([
    { name: "another body", edit: {}, body: `${BODY} ` },
    { name: "another secret", edit: {}, secret: `whsec_${"B".repeat(44)}` },
    { name: "another id", edit: { "webhook-id": "msg_2" } },
    { name: "another time", edit: { "webhook-timestamp": String(AT / 1000 + 1) } },
    { name: "an old message", edit: {}, after: 301 },
    { name: "no signature", edit: { "webhook-signature": "" } },
    { name: "no time", edit: { "webhook-timestamp": "x" } },
  ])("refuses $name", async ({ edit, body = BODY, secret = SECRET, after = 0 }) => {
    const headers = { ...(await signedHeaders("msg_1", BODY, SECRET, AT)), ...edit };
    expect(snippet.isOurs(headers, body, secret, AT / 1000 + after)).toBe(false);
  });
});

test("the signature is that of the specification's own example", async () => {
  const headers = await signedHeaders(
    "msg_p5jXN8AQM9LWM0D4loKWxJek",
    '{"test": 2432232314}',
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    1_614_265_330_000,
  );
  expect(headers["webhook-signature"]).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});

test("the guide's channels are a topology's", () => {
  const variables = {
    ALERT_WEBHOOK_URL: "https://hooks.example.com/a",
    ALERT_WEBHOOK_SECRET: SECRET,
    SLACK_WEBHOOK_URL: "https://hooks.slack.com/services/x",
    PAGERDUTY_ROUTING_KEY: "0123456789abcdef0123456789abcdef",
    HEARTBEAT_URL: "https://hc.example.com/x",
  };
  const parsed = parseTopology(`${SMALLEST}${blockOf("yaml")}`, variables);
  expect(parsed.ok ? [] : parsed.problems).toEqual([]);
});

test("the guide's figures of cost are those that are counted", () => {
  const seconds = (alerts: (typeof EXAMPLE)["alerts"]): number =>
    Math.round(dailyCost({ ...EXAMPLE, alerts }).gigabyteSeconds - dailyCost(EXAMPLE).gigabyteSeconds);
  expect(GUIDE.replaceAll("\n", " ")).toContain(
    `costs ${seconds([heartbeat("a", "https://x.example")])} of the 13,000 GB-seconds at 30 seconds, another channel that hangs all day ${seconds([webhook()])}.`,
  );
});
