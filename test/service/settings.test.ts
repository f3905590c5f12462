import { expect, test } from "vitest";
import { parseSettings } from "../../service/settings.ts";

const DEFAULTS = { port: 8080, host: undefined, drainDelayMs: 5_000, drainTimeoutMs: 10_000, drainToken: null };

test.each([
  { name: "nothing is set", env: {}, want: {} },
  { name: "all is set to nothing", env: { PORT: "", HOST: " ", DRAIN_DELAY_MS: "" }, want: {} },
  { name: "the system chooses the port", env: { PORT: "0" }, want: { port: 0 } },
  { name: "the highest port", env: { PORT: "65535" }, want: { port: 65_535 } },
  { name: "one interface", env: { HOST: "127.0.0.1" }, want: { host: "127.0.0.1" } },
  { name: "no delay", env: { DRAIN_DELAY_MS: "0" }, want: { drainDelayMs: 0 } },
  { name: "who may drain it", env: { DRAIN_TOKEN: "0123456789abcdef" }, want: { drainToken: "0123456789abcdef" } },
  { name: "another bound", env: { DRAIN_TIMEOUT_MS: "600000" }, want: { drainTimeoutMs: 600_000 } },
])("$name", ({ env, want }) => {
  expect(parseSettings(env)).toEqual({ ok: true, value: { ...DEFAULTS, ...want } });
});

test.each(["abc", "-1", "+1", "65536", "80.5", "0x50", "1e3", "8080 8081", "tcp://10.0.0.1:80", "9".repeat(20)])(
  "the port %j is refused, and the message says what was expected and found",
  (text) => {
    const message = `PORT: expected a whole number from 0 to 65535, found ${JSON.stringify(text)}`;
    expect(parseSettings({ PORT: text })).toEqual({ ok: false, problems: [message] });
  },
);

test("every wrong value is named at once", () => {
  expect(parseSettings({ PORT: "x", DRAIN_DELAY_MS: "5s", DRAIN_TIMEOUT_MS: "600001" })).toEqual({
    ok: false,
    problems: [
      'PORT: expected a whole number from 0 to 65535, found "x"',
      'DRAIN_DELAY_MS: expected a whole number from 0 to 600000, found "5s"',
      'DRAIN_TIMEOUT_MS: expected a whole number from 0 to 600000, found "600001"',
    ],
  });
});

test.each(["short", "with a space in it", "0123456789abcdé"])(
  "the token %j is refused, and the message does not repeat it",
  (text) => {
    const message = "DRAIN_TOKEN: expected 16 to 256 printable ASCII characters without a space, found something else";
    expect(parseSettings({ DRAIN_TOKEN: text })).toEqual({ ok: false, problems: [message] });
  },
);
