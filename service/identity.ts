// Who answers: the region, the pod and the build, read once at the start. The region comes first in every body because
// Route 53 searches only the first 5120 bytes of a reply for its string.
import { type Environment, type Parsed, readText } from "./environment.ts";

export interface Identity {
  readonly region: string;
  readonly hostname: string;
  readonly podIP: string;
  readonly cluster: string;
  readonly version: string;
}

/** The body of `GET /`, in this order. `time` is UTC in whole seconds. */
export interface Claim {
  readonly region: string;
  readonly hostname: string;
  readonly podIP: string;
  readonly time: string;
  readonly cluster: string;
  readonly version: string;
}

/** A word that cannot be mistaken for a real value, where an empty text would look like a broken reply. */
const UNKNOWN = "unknown";
const REGION_CHARACTERS_MAX = 128;
/** The region is sent in a header too, which carries printable ASCII safely and nothing else. */
const REGION = new RegExp(`^[\\x20-\\x7e]{1,${REGION_CHARACTERS_MAX}}$`);

/** `systemHostname` is used where HOSTNAME is not set. */
export function parseIdentity(env: Environment, systemHostname: string): Parsed<Identity> {
  const region = readText(env, "REGION") ?? UNKNOWN;
  if (!REGION.test(region)) {
    const expected = `REGION: expected at most ${REGION_CHARACTERS_MAX} printable ASCII characters`;
    return { ok: false, problems: [`${expected}, found ${JSON.stringify(region)}`] };
  }
  const hostname = readText(env, "HOSTNAME") ?? systemHostname;
  const podIP = readText(env, "POD_IP") ?? UNKNOWN;
  const cluster = readText(env, "CLUSTER") ?? UNKNOWN;
  const version = readText(env, "VERSION") ?? "dev";
  return { ok: true, value: { region, hostname, podIP, cluster, version } };
}

/** `at` is milliseconds since 1970. */
export function makeClaim(identity: Identity, at: number): Claim {
  const { region, hostname, podIP, cluster, version } = identity;
  const time = new Date(at).toISOString().replace(/\.\d{3}Z$/, "Z");
  return { region, hostname, podIP, time, cluster, version };
}
