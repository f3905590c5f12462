// Looks share whom they trust, and nothing else: a handshake that took up an earlier session would be shorter than a user's.
import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import tls from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeNodeClock } from "../../monitor/node/clock.ts";
import { makeNodeNet } from "../../monitor/node/net.ts";
import { makeAuthority, makeCertificate } from "../support/fault-server-certificate.ts";

const LOOK_MS_MAX = 5000;
const authority = makeAuthority("handshakes");
const { key, cert } = makeCertificate("localhost", authority);
const authorities = tls.getCACertificates("default");
beforeAll(() => tls.setDefaultCACertificates([...authorities, authority.cert]));
afterAll(() => tls.setDefaultCACertificates(authorities));

test.each(["TLSv1.2", "TLSv1.3"] as const)("every look over %s makes a whole handshake of its own", async (version) => {
  const resumed: boolean[] = [];
  const server = createServer({ key, cert, minVersion: version, maxVersion: version }, (_request, response) => {
    response.end("fine");
  });
  server.on("secureConnection", (socket) => resumed.push(socket.isSessionReused()));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const clock = makeNodeClock();
  const net = makeNodeNet({ clock, resolve: { localhost: "127.0.0.1" } });
  const url = `https://localhost:${(server.address() as AddressInfo).port}/`;
  for (let look = 0; look < 3; look += 1) {
    const deadlineMs = clock.monotonicMs() + LOOK_MS_MAX;
    expect(await net.fetchOnce({ url, headers: {}, bytesMax: 100, deadlineMs })).toMatchObject({ status: 200 });
  }
  server.close();
  expect(resumed).toEqual([false, false, false]);
});
