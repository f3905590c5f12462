// How levers reach what they move: one bundle, made once per process, in which tests put servers of their own. A lever's
// undo names what it needs of it (a port, a context, a variable) and holds no access itself.
import type { Clock } from "../run/world.ts";
import type { WorldSearch } from "../local/world-client.ts";
import type { Route53Client } from "@aws-sdk/client-route-53";
import { type AwsCaller, makeAwsCaller } from "../node/aws-call.ts";
import { makeNodeClock } from "../node/clock.ts";
import type { OpenedKube } from "../node/kube-api.ts";
import { makeFlapping, type Flapping } from "./flapping.ts";

export interface Route53Reach {
  readonly client: Route53Client;
  readonly caller: AwsCaller;
}

export interface Reach {
  readonly clock: Clock;
  /** The local world on that port, or the only one. */
  readonly findWorld: (port: number | null) => Promise<WorldSearch>;
  /** Gates that this process opens and closes in turn. */
  readonly flapping: Flapping;
  /** A cluster, by a context of the kubeconfig. */
  readonly openKube: (context: string) => Promise<OpenedKube>;
  /** By the credentials of the environment, as the AWS SDK finds them; `AWS_ENDPOINT_URL` leads elsewhere. */
  readonly openRoute53: () => Promise<Route53Reach>;
  /** Null: not set. */
  readonly variable: (name: string) => string | null;
}

export function makeReach(env: Readonly<Record<string, string | undefined>>): Reach {
  const clock = makeNodeClock();
  return {
    clock,
    // The images have no local world.
    findWorld: async (port) => (await import("../local/world-client.ts")).findWorld(port),
    flapping: makeFlapping(clock),
    // Loaded only where a lever needs it: it takes longer than everything else of a command.
    openKube: async (context) => (await import("../node/kube-api.ts")).openKube(context, clock),
    openRoute53: once(() => openRoute53(clock)),
    variable: (name) => {
      const value = env[name];
      return value === undefined || value === "" ? null : value;
    },
  };
}

const ROUTE53_REGION = "us-east-1";
const CONNECT_MS_MAX = 5000;
const REQUEST_MS_MAX = 20_000;

async function openRoute53(clock: Clock): Promise<Route53Reach> {
  const { Route53Client: Client } = await import("@aws-sdk/client-route-53");
  const requestHandler = { connectionTimeout: CONNECT_MS_MAX, requestTimeout: REQUEST_MS_MAX };
  // The SDK's own retries know nothing of the pace.
  const client = new Client({ region: ROUTE53_REGION, maxAttempts: 1, requestHandler });
  const tell = (line: string): void => void process.stderr.write(`${line}\n`);
  return { client, caller: makeAwsCaller({ clock, random: Math.random, tell }) };
}

/** One client and one pace for all calls of the process. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return async () => await (made ??= make());
}
