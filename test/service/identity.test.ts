import { expect, test } from "vitest";
import { type Identity, makeClaim, parseIdentity } from "../../service/identity.ts";

const FULL = { REGION: "us-east-1", POD_IP: "10.42.1.23", CLUSTER: "aws-us-east-1", VERSION: "1.0.0" };
const IDENTITY: Identity = {
  region: "us-east-1",
  hostname: "pod-1",
  podIP: "10.42.1.23",
  cluster: "aws-us-east-1",
  version: "1.0.0",
};

test.each([
  { name: "all comes from the environment, the hostname from the system", env: FULL, want: IDENTITY },
  { name: "HOSTNAME goes before the system's", env: { ...FULL, HOSTNAME: "pod-2" }, want: { hostname: "pod-2" } },
  { name: "a region that is not set is unknown", env: { ...FULL, REGION: undefined }, want: { region: "unknown" } },
  { name: "an empty region is unknown", env: { ...FULL, REGION: "" }, want: { region: "unknown" } },
  { name: "a region loses the space around it", env: { ...FULL, REGION: " a \n" }, want: { region: "a" } },
  { name: "a pod address that is not set is unknown", env: { ...FULL, POD_IP: undefined }, want: { podIP: "unknown" } },
  { name: "a cluster that is not set is unknown", env: { ...FULL, CLUSTER: "" }, want: { cluster: "unknown" } },
  { name: "a version that is not set is dev", env: { ...FULL, VERSION: undefined }, want: { version: "dev" } },
])("$name", ({ env, want }) => {
  expect(parseIdentity(env, "pod-1")).toEqual({ ok: true, value: { ...IDENTITY, ...want } });
});

test.each([
  { name: "a line break", region: "us\r\nset-cookie: a" },
  { name: "a letter outside ASCII", region: "são-paulo" },
  { name: "too many characters", region: "a".repeat(129) },
])("a region with $name, which no header can carry, is refused", ({ region }) => {
  const message = `REGION: expected at most 128 printable ASCII characters, found ${JSON.stringify(region)}`;
  expect(parseIdentity({ ...FULL, REGION: region }, "pod-1")).toEqual({ ok: false, problems: [message] });
});

test.each([
  { at: "2025-01-01T12:34:56.000Z", want: "2025-01-01T12:34:56Z" },
  { at: "2025-01-01T12:34:56.999Z", want: "2025-01-01T12:34:56Z" },
  { at: "2025-12-31T23:59:59.999Z", want: "2025-12-31T23:59:59Z" },
])("the time of a claim at $at is $want", ({ at, want }) => {
  expect(makeClaim(IDENTITY, Date.parse(at)).time).toBe(want);
});
