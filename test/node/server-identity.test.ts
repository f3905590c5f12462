// Our verdict on a certificate's name is Node's own, to the word.
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, type ConnectionOptions, createServer, type Server, type TLSSocket } from "node:tls";
import { afterEach, describe, expect, test, vi } from "vitest";
import { connectIdentified } from "../../monitor/node/server-identity.ts";
import { makeAuthority, makeCertificate } from "../support/fault-server-certificate.ts";

const authority = makeAuthority("identity");
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(name: string, until?: string): Promise<number> {
  const server = createServer(makeCertificate(name, authority, until), (socket) => socket.end());
  server.on("tlsClientError", () => {}).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function verdict(open: (options: ConnectionOptions) => TLSSocket, options: ConnectionOptions): Promise<string> {
  const socket = open({ host: "127.0.0.1", ca: authority.cert, ...options });
  try {
    return await new Promise((resolve) => {
      socket.once("secureConnect", () => resolve(`secure, authorized ${socket.authorized}`));
      socket.once("error", (error: Error) => resolve(`${Reflect.get(error, "code")}: ${error.message}`));
    });
  } finally {
    socket.destroy();
  }
}

describe("a certificate", () => {
  test.each([
    { of: "a.example.com", asked: "a.example.com", passes: true },
    { of: "a.example.com", asked: "A.Example.COM", passes: true },
    { of: "a.example.com", asked: "b.example.com", passes: false },
    { of: "a.example.com", asked: "a.example.com.evil.org", passes: false },
    { of: "*.example.com", asked: "a.example.com", passes: true },
    { of: "*.example.com", asked: "a.b.example.com", passes: false },
    { of: "*.example.com", asked: "example.com", passes: false },
    { of: "a*.example.com", asked: "ab.example.com", passes: true },
    { of: "*.com", asked: "example.com", passes: false },
    { of: "xn--bcher-kva.example.com", asked: "xn--bcher-kva.example.com", passes: true },
    { of: "*.example.com", asked: "xn--bcher-kva.example.com", passes: true },
  ])("of $of asked for $asked", async ({ of, asked, passes }) => {
    const options = { port: await serve(of), servername: asked };
    const ours = await verdict(connectIdentified, options);
    expect(ours).toBe(await verdict(connect, options));
    expect(ours.startsWith("secure")).toBe(passes);
  });

  test("that lists the address which is asked passes", async () => {
    expect(await verdict(connectIdentified, { port: await serve("a.example.com") })).toBe("secure, authorized true");
  });

  test.each([
    { name: "expired", until: "200102000000Z", options: {} },
    { name: "of an authority that nobody knows", until: undefined, options: { ca: makeAuthority("other").cert } },
  ])("that is $name is refused as by Node", async ({ until, options }) => {
    const asked = { port: await serve("a.example.com", until), servername: "a.example.com", ...options };
    const ours = await verdict(connectIdentified, asked);
    expect(ours).toBe(await verdict(connect, asked));
    expect(ours).toMatch(/^(CERT_HAS_EXPIRED|UNABLE_TO_VERIFY|SELF_SIGNED)/);
  });

  test("is taken as it is by a look that validates nothing", async () => {
    const options = { port: await serve("a.example.com"), servername: "b.example.com", rejectUnauthorized: false };
    expect(await verdict(connectIdentified, options)).toBe("secure, authorized false");
  });

  test("for the right name is not spelt out, which is what makes a look cheap", async () => {
    const spelt = vi.spyOn(X509Certificate.prototype, "toLegacyObject");
    await verdict(connectIdentified, { port: await serve("a.example.com"), servername: "a.example.com" });
    expect(spelt).not.toHaveBeenCalled();
    await verdict(connectIdentified, { port: await serve("a.example.com"), servername: "b.example.com" });
    expect(spelt).toHaveBeenCalledOnce();
    spelt.mockRestore();
  });
});
