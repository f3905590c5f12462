// The normaliser's table, row by row, with the texts as the runtimes say them. That they still say them is what the contract
// tests find out.
import { describe, expect, test } from "vitest";
import { edgeFailure } from "../../monitor/wire/edge-failure.ts";
import { failureOf } from "../../monitor/wire/failure.ts";

function coded(code: string, message = `${code} happened`): Error {
  return Object.assign(new Error(message), { code });
}

describe("what Node throws", () => {
  test.each([
    { code: "ECONNREFUSED", want: "refused" },
    { code: "ECONNRESET", want: "reset" },
    { code: "EPIPE", want: "reset" },
    { code: "ENOTFOUND", want: "name-not-resolved" },
    { code: "EAI_AGAIN", want: "name-not-resolved" },
    { code: "EHOSTUNREACH", want: "unreachable" },
    { code: "ENETUNREACH", want: "unreachable" },
    { code: "ETIMEDOUT", want: "timeout" },
    { code: "EACCES", want: "blocked" },
    { code: "HPE_INVALID_CONSTANT", want: "malformed" },
    { code: "HPE_INVALID_CHUNK_SIZE", want: "malformed" },
    { code: "HPE_HEADER_OVERFLOW", want: "too-large" },
    { code: "UND_ERR_HEADERS_OVERFLOW", want: "too-large" },
    { code: "EPROTO", want: "tls" },
    { code: "ERR_TLS_CERT_ALTNAME_INVALID", want: "tls" },
    { code: "ERR_SSL_WRONG_VERSION_NUMBER", want: "tls" },
    { code: "CERT_HAS_EXPIRED", want: "tls" },
    { code: "DEPTH_ZERO_SELF_SIGNED_CERT", want: "tls" },
    { code: "SELF_SIGNED_CERT_IN_CHAIN", want: "tls" },
    { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE", want: "tls" },
    { code: "EMFILE", want: "internal" },
  ])("$code is $want", ({ code, want }) => {
    expect(failureOf(coded(code)).cause).toBe(want);
  });

  test.each([
    { message: "socket hang up", want: "connection-lost" },
    {
      message: "Client network socket disconnected before secure TLS connection was established",
      want: "connection-lost",
    },
    { message: "aborted", want: "truncated" },
  ])('ECONNRESET with "$message" is $want: nothing was reset', ({ message, want }) => {
    expect(failureOf(coded("ECONNRESET", message)).cause).toBe(want);
  });

  test("the reason inside a failed fetch counts", () => {
    const wrapped = new TypeError("fetch failed", { cause: coded("ECONNREFUSED") });
    expect(failureOf(wrapped)).toMatchObject({
      cause: "refused",
      detail: "The connection was refused (ECONNREFUSED).",
    });
    expect(failureOf(new TypeError("fetch failed", { cause: new Error("bad port") })).cause).toBe("blocked");
    const parser = Object.assign(new Error("Response does not match the HTTP/1.1 protocol"), {
      name: "HTTPParserError",
    });
    expect(failureOf(new TypeError("fetch failed", { cause: parser })).cause).toBe("malformed");
    expect(failureOf(new TypeError("terminated", { cause: coded("UND_ERR_SOCKET", "other side closed") })).cause).toBe(
      "truncated",
    );
  });
});

describe("what workerd throws", () => {
  test.each([
    { message: "Network connection lost.", want: "connection-lost" },
    { message: "proxy request failed, cannot connect to the specified address", want: "unreachable" },
    {
      message:
        "proxy request failed, cannot connect to the specified address. It looks like you might be trying to connect to a HTTP-based service — consider using fetch instead",
      want: "unreachable",
    },
    { message: "TCP Loop detected", want: "blocked" },
    { message: "Too many subrequests.", want: "not-started" },
  ])("$message is $want", ({ message, want }) => {
    expect(failureOf(new Error(message)).cause).toBe(want);
  });

  test.each([
    { scheme: "https", want: "tls" },
    { scheme: "http", want: "name-not-resolved" },
    { scheme: undefined, want: "tls" },
  ] as const)("an internal error without a reason is $want for $scheme", ({ scheme, want }) => {
    const failure = failureOf(
      new Error("internal error; reference = 8dteii3kg70tsqm0e23lss4t"),
      scheme === undefined ? {} : { scheme },
    );
    expect(failure.cause).toBe(want);
    expect(failure.detail).not.toContain("8dteii");
  });
});

describe("both runtimes", () => {
  test.each(["TimeoutError", "AbortError"])("%s is our own deadline", (name) => {
    expect(failureOf(new DOMException("whatever", name)).cause).toBe("timeout");
  });

  test("the phase under way is named where it is known", () => {
    expect(failureOf(coded("ECONNRESET"), { phase: "tls" })).toMatchObject({ cause: "reset", phase: "tls" });
    expect(Object.keys(failureOf(coded("ECONNRESET")))).toEqual(["cause", "detail"]);
  });

  test.each<{ name: string; thrown: unknown; want: string }>([
    { name: "undefined", thrown: undefined, want: "Unexpected: undefined" },
    { name: "a string", thrown: "oops", want: "Unexpected: oops" },
    { name: "an object without a message", thrown: {}, want: "Unexpected: " },
    { name: "an unknown error", thrown: new Error("first line\n    at secret.ts:1"), want: "Unexpected: first line" },
    {
      name: "an address with a token",
      thrown: new Error("bad https://u:p@x.example/?token=s3cret here"),
      want: "Unexpected: bad <url> here",
    },
  ])("$name is internal, in one line", ({ thrown, want }) => {
    expect(failureOf(thrown)).toEqual({ cause: "internal", detail: want });
  });

  test("a long text is cut, and causes that go round in a circle end", () => {
    const error = new Error("x".repeat(1000));
    error.cause = error;
    expect(failureOf(error).detail.length).toBeLessThan(200);
  });
});

describe("what the edge answers in an origin's name", () => {
  test.each([
    { status: 520, want: "connection-lost" },
    { status: 521, want: "refused" },
    { status: 522, want: "timeout" },
    { status: 523, want: "unreachable" },
    { status: 524, want: "timeout" },
    { status: 525, want: "tls" },
    { status: 526, want: "tls" },
    { status: 530, want: "unreachable" },
    { status: 503, want: undefined },
    { status: 527, want: undefined },
    { status: 200, want: undefined },
  ])("status $status is $want", ({ status, want }) => {
    expect(edgeFailure(status, null, "")?.cause).toBe(want);
    expect(edgeFailure(status, "eu-west-3", "")).toBeNull();
  });

  test("error code 1016 is a name that does not resolve", () => {
    expect(edgeFailure(530, null, "error code: 1016")?.cause).toBe("name-not-resolved");
    expect(edgeFailure(530, null, "error code: 1033")?.detail).toContain("1033");
  });
});
