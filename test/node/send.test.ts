// The Sender contract on Node.
import tls from "node:tls";
import { afterAll, beforeAll } from "vitest";
import { makeNodeClock } from "../../monitor/node/clock.ts";
import { makeSender } from "../../monitor/wire/send.ts";
import { sendContract } from "../contract/send.ts";
import { startFaultServer } from "../support/fault-server.ts";

const server = await startFaultServer();
afterAll(server.close);
const authorities = tls.getCACertificates("default");
beforeAll(() => tls.setDefaultCACertificates([...authorities, server.addresses.authority]));
afterAll(() => tls.setDefaultCACertificates(authorities));

sendContract(
  () => {
    const clock = makeNodeClock();
    return { sender: makeSender(fetch, clock), clock };
  },
  {
    ok: 200,
    "http-503": 503,
    redirect: 302,
    // The reply's body says nothing to us.
    huge: 200,
    "body-drip": 200,
    stall: 200,
    reset: "reset",
    hangup: "connection-lost",
    garbage: "malformed",
    blackhole: "timeout",
    "header-drip": "timeout",
    refuse: "refused",
    "tls-untrusted": "tls",
    "tls-expired": "tls",
    "tls-wrong-name": "tls",
    "tls-plain": "tls",
  },
  server.addresses,
);
