// The hosted zone by the Route 53 API, for the commands that need it now. It only reads, at the pace that the API grants.
import { Route53Client } from "@aws-sdk/client-route-53";
import { boundAnswers } from "../node/aws-body.ts";
import { makeAwsCaller } from "../node/aws-call.ts";
import { makeNodeClock } from "../node/clock.ts";
import { type Pulled, type PullWish, pullZone, type StatusReader } from "../node/zone-pull.ts";

const MAIN_REGION = "us-east-1";
/** No call waits for ever, and the caller alone tries again. */
const BOUNDED = { maxAttempts: 1, requestHandler: { connectionTimeout: 5000, requestTimeout: 20_000 } } as const;

export interface LiveWish extends PullWish {
  readonly cloudWatch: "ask" | "skip";
  /** Null: AWS's own. */
  readonly endpoint: string | null;
}

export async function pullLive(wish: LiveWish): Promise<Pulled> {
  const clock = makeNodeClock();
  const caller = makeAwsCaller({ clock, random: Math.random, tell: (line) => process.stderr.write(`${line}\n`) });
  const settings = { ...BOUNDED, region: MAIN_REGION };
  const client = new Route53Client(wish.endpoint === null ? settings : { ...settings, endpoint: wish.endpoint });
  boundAnswers(client);
  const at = clock.now();
  const reader = wish.cloudWatch === "ask" ? await cloudWatchReader(caller, at) : null;
  const pulled = await pullZone(client, caller, wish, reader, at);
  client.destroy();
  return pulled;
}

async function cloudWatchReader(caller: ReturnType<typeof makeAwsCaller>, at: number): Promise<StatusReader> {
  const { CloudWatchClient } = await import("@aws-sdk/client-cloudwatch");
  const { CLOUDWATCH_REGION, makeStatusReader } = await import("../node/cloudwatch-status.ts");
  const client = new CloudWatchClient({ ...BOUNDED, region: CLOUDWATCH_REGION });
  boundAnswers(client);
  return makeStatusReader(client, caller, at);
}
