// What every Sender must do with every way in which a receiver can fail. The runtimes differ only in the causes they know.
import { describe, expect, test } from "vitest";
import type { FailureCause } from "../../monitor/model/observation.ts";
import type { Clock, Sender, SendReply } from "../../monitor/run/world.ts";
import { USER_AGENT } from "../../monitor/wire/user-agent.ts";
import type { FaultAddresses } from "./fault-addresses.ts";

/** A status where a reply came. */
export type SendExpectations = Readonly<Record<SendCase, number | FailureCause>>;

export type SendCase =
  | "ok"
  | "http-503"
  | "redirect"
  | "huge"
  | "body-drip"
  | "stall"
  | "reset"
  | "hangup"
  | "garbage"
  | "blackhole"
  | "header-drip"
  | "refuse"
  | "tls-untrusted"
  | "tls-expired"
  | "tls-wrong-name"
  | "tls-plain";

const SHORT_MS = 500;
const PATIENT_MS = 5000;
/** Between the deadline and our being told, on a busy machine; what keeps no deadline takes for ever. */
const MARGIN_MS = 2000;

export function sendContract(
  make: () => { readonly sender: Sender; readonly clock: Clock },
  expectations: SendExpectations,
  addresses: FaultAddresses,
): void {
  const urlOf = (name: SendCase): string =>
    name.startsWith("tls-")
      ? `https://localhost:${addresses.ports[name]}/secret`
      : `http://127.0.0.1:${addresses.ports[name]}/secret`;

  async function post(
    name: SendCase,
    limitMs: number,
  ): Promise<{ readonly reply: SendReply; readonly tookMs: number }> {
    const { sender, clock } = make();
    const startedMs = clock.monotonicMs();
    const headers = { "content-type": "application/json", "webhook-id": "msg_1" };
    const request = {
      method: "POST",
      url: urlOf(name),
      headers,
      body: '{"a":1}',
      deadlineMs: startedMs + limitMs,
    } as const;
    const reply = await sender.send(request);
    return { reply, tookMs: clock.monotonicMs() - startedMs };
  }

  describe("a message to a receiver", () => {
    test.each(Object.entries(expectations) as [SendCase, number | FailureCause][])(
      "that does %s ends in time with %s, and its address is in no word of it",
      async (name, want) => {
        const limitMs = want === "timeout" ? SHORT_MS : PATIENT_MS;
        const { reply, tookMs } = await post(name, limitMs);
        expect(reply.kind === "reply" ? reply.status : reply.failure.cause).toBe(want);
        expect(JSON.stringify(reply)).not.toMatch(/secret|127\.0\.0\.1|localhost/);
        expect(tookMs).toBeLessThan(limitMs + MARGIN_MS);
      },
    );

    test("carries its headers and its body, and says who sends it", async () => {
      await post("http-503", PATIENT_MS);
      const request = (await (await fetch(`${addresses.controlUrl}/request/http-503`)).text()).toLowerCase();
      expect(request).toMatch(/^post \/secret http\/1\.1\r\n/);
      expect(request).toContain(`\r\nuser-agent: ${USER_AGENT.toLowerCase()}\r\n`);
      expect(request).toContain("\r\nwebhook-id: msg_1\r\n");
      expect(request).toContain("\r\ncontent-type: application/json\r\n");
    });

    test("without time left is not started", async () => {
      const { reply } = await post("ok", -1);
      expect(reply).toMatchObject({ kind: "failed", failure: { cause: "not-started" } });
    });
  });
}
