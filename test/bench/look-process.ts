// Looks once a message, with a resolver of its own choice, and answers with the phases; a process of its own because what it
// trusts is decided when it starts.
import { Resolver } from "node:dns";
import type { LookupFunction } from "node:net";
import { makeNodeWorld } from "../../monitor/node/world.ts";
import { BODY_BYTES_MAX } from "../../monitor/run/probe.ts";
import { answerOrders } from "./orders.ts";

const LOOK_MS_MAX = 10_000;
const [nameServer = ""] = process.argv.slice(2);

const resolver = new Resolver();
resolver.setServers([nameServer]);
const lookup: LookupFunction = (name, options, done) => {
  resolver.resolve4(name, (error, addresses) => {
    const [address = ""] = error === null ? addresses : [];
    if (error !== null || options.all !== true) done(error, address, 4);
    else done(null, [{ address, family: 4 }]);
  });
};
const world = makeNodeWorld({ lookup });

answerOrders((order) => look((order as { readonly url: string }).url));

async function look(url: string): Promise<object> {
  const deadlineMs = world.clock.monotonicMs() + LOOK_MS_MAX;
  const reply = await world.net.fetchOnce({ url, headers: {}, bytesMax: BODY_BYTES_MAX, deadlineMs });
  if (reply.kind === "failed") throw new Error(`${url}: ${reply.failure.detail}`);
  return reply.phases;
}
