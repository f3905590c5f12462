import { expect, test } from "vitest";
import { cachedAt, cacheReply } from "../../monitor/conduct/user-cache.ts";
import type { DnsReply } from "../../monitor/model/observation.ts";

function reply(addresses: readonly string[], ttlSeconds: number | null): DnsReply {
  const rest = { rcode: "NOERROR", authoritative: false, scope: null, elapsedMs: 1 } as const;
  return { kind: "reply", addresses, ttlSeconds, ...rest };
}

test("an answer lives as long as its TTL, and no longer", () => {
  const cached = cacheReply(reply(["192.0.2.1"], 2), 10_000);
  expect(cachedAt(cached, 11_999)).toMatchObject({ addresses: ["192.0.2.1"] });
  expect(cachedAt(cached, 12_000)).toBeNull();
});

test.each([
  ["without a TTL", reply(["192.0.2.1"], null)],
  ["with a TTL of nothing", reply(["192.0.2.1"], 0)],
])("an answer %s is used once", (_name, answer) => {
  const cached = cacheReply(answer, 10_000);
  expect(cached.kind).toBe("answer");
  expect(cachedAt(cached, 10_000)).toBeNull();
});

test("a TTL of years is a day", () => {
  const cached = cacheReply(reply(["192.0.2.1"], 10 ** 9), 0);
  expect(cachedAt(cached, 86_399_999)).not.toBeNull();
  expect(cachedAt(cached, 86_400_000)).toBeNull();
});

test("no failure is remembered, and an answer without an address is one", () => {
  const failed = cacheReply({ kind: "failed", failure: { cause: "timeout", detail: "" } }, 0);
  expect(failed).toEqual({ kind: "failed", cause: "timeout" });
  expect(cachedAt(failed, 0)).toBeNull();
  expect(cacheReply(reply([], 60), 0)).toEqual({ kind: "failed", cause: "name-not-resolved" });
});
