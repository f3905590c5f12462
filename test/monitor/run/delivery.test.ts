import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ATTEMPTS_MAX,
  attemptOf,
  BACKOFF_MAX_MS,
  backoffMs,
  MESSAGE_AGE_MAX_MS,
  spentReason,
} from "../../../monitor/run/delivery.ts";

const AT = Date.parse("2026-01-01T00:00:00Z");

describe("what a reply means", () => {
  test.each([
    { status: 200, retryAfter: null, want: { kind: "delivered" } },
    { status: 204, retryAfter: "60", want: { kind: "delivered" } },
    { status: 299, retryAfter: null, want: { kind: "delivered" } },
    {
      status: 301,
      retryAfter: null,
      want: { kind: "failed", detail: "status 301: redirects are not followed", waitMs: null },
    },
    { status: 400, retryAfter: "60", want: { kind: "refused", detail: "status 400" } },
    { status: 401, retryAfter: null, want: { kind: "failed", detail: "status 401", waitMs: null } },
    { status: 404, retryAfter: null, want: { kind: "failed", detail: "status 404", waitMs: null } },
    { status: 429, retryAfter: "60", want: { kind: "failed", detail: "status 429", waitMs: 60_000 } },
    {
      status: 503,
      retryAfter: "Thu, 01 Jan 2026 00:02:00 GMT",
      want: { kind: "failed", detail: "status 503", waitMs: 120_000 },
    },
    { status: 503, retryAfter: "999999999", want: { kind: "failed", detail: "status 503", waitMs: BACKOFF_MAX_MS } },
    {
      status: 503,
      retryAfter: "Thu, 01 Jan 2025 00:00:00 GMT",
      want: { kind: "failed", detail: "status 503", waitMs: 0 },
    },
    { status: 503, retryAfter: "soon", want: { kind: "failed", detail: "status 503", waitMs: null } },
  ])("$status with Retry-After $retryAfter", ({ status, retryAfter, want }) => {
    expect(attemptOf({ kind: "reply", status, retryAfter }, AT)).toEqual(want);
  });

  test("of what nobody foresaw only that is told", () => {
    const failure = { cause: "internal", detail: "Unexpected: hooks.example.com said marker" } as const;
    expect(attemptOf({ kind: "failed", failure }, AT)).toEqual({ kind: "failed", detail: "internal", waitMs: null });
  });
});

describe("a channel that fails", () => {
  test("waits twice as long each time, up to an hour, a quarter more or less", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.string(), (failures, seed) => {
        const plain = Math.min(BACKOFF_MAX_MS, 15_000 * 2 ** (failures - 1));
        const ms = backoffMs(failures, null, seed);
        expect(ms).toBeGreaterThanOrEqual(Math.floor(plain * 0.75));
        expect(ms).toBeLessThanOrEqual(Math.ceil(plain * 1.25));
        expect(backoffMs(failures, null, seed)).toBe(ms);
        expect(backoffMs(failures, BACKOFF_MAX_MS * 2, seed)).toBe(BACKOFF_MAX_MS * 2);
      }),
    );
  });

  test("is not tried at the same moment by all monitors", () => {
    const waits = Array.from({ length: 100 }, (_, n) => backoffMs(1, null, `channel ${n}`));
    expect(new Set(waits).size).toBeGreaterThan(90);
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(6000);
  });

  test("has about thirty attempts in a day, which is what its cost is counted with", () => {
    let at = 0;
    let attempts = 0;
    while (at < 86_400_000) {
      attempts += 1;
      at += backoffMs(attempts, null, `seed ${attempts}`);
    }
    expect(attempts).toBeGreaterThan(25);
    expect(attempts).toBeLessThan(ATTEMPTS_MAX);
  });
});

test("a message is given up after so many attempts, or after a day", () => {
  expect(spentReason(ATTEMPTS_MAX - 1, 0, MESSAGE_AGE_MAX_MS)).toBeNull();
  expect(spentReason(ATTEMPTS_MAX, 0, 0)).toMatch(/^given up after 40 attempts$/);
  expect(spentReason(0, 0, MESSAGE_AGE_MAX_MS + 1)).toBe("given up after a day");
});
