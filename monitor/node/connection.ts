// The way to a server, step by step so that each can be timed and told: name, connection, handshake. Nothing is pooled.
import { type LookupAddress, promises as dns } from "node:dns";
import { connect, isIP, type LookupFunction, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { serverName } from "./certificate.ts";

/** More addresses than a load balancer gives; the rest is left out. */
export const ADDRESSES_MAX = 32;
/** Node's own quarter of a second would give up an address on another continent before it could answer. */
const ATTEMPT_MS = 1000;

/** 0: both. */
export type Family = 0 | 4 | 6;

/** By the system's resolver, in its order. Rejects with its error. */
export async function findAddresses(host: string, family: Family): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  const found = await dns.lookup(host, { all: true, family, order: "verbatim" });
  return [...new Set(found.map(({ address }) => address))].slice(0, ADDRESSES_MAX);
}

/** What is open, so that all of it can be closed at any time; what opens later is closed at once. */
export interface OpenSockets {
  keep<T extends { destroy(): unknown }>(opened: T): T;
  closeAll(): void;
}

export function makeOpenSockets(): OpenSockets {
  const opened: { destroy(): unknown }[] = [];
  let isClosed = false;
  return {
    keep: (one) => {
      if (isClosed) one.destroy();
      else opened.push(one);
      return one;
    },
    closeAll: () => {
      isClosed = true;
      for (const one of opened.toReversed()) one.destroy();
    },
  };
}

/** Tries the addresses in turn, the families taking turns. Rejects with the socket's error. */
export async function openTcp(
  addresses: readonly string[],
  port: number,
  sockets: OpenSockets,
  passOver: (address: string, error: unknown) => void,
): Promise<Socket> {
  const [only, ...others] = addresses;
  const place = others.length === 0 ? { host: only ?? "" } : { host: "one.of.several", lookup: answerWith(addresses) };
  const socket = sockets.keep(
    connect({ ...place, port, autoSelectFamily: others.length > 0, autoSelectFamilyAttemptTimeout: ATTEMPT_MS }),
  );
  // With one address there is nothing to pass over to.
  if (others.length > 0) {
    socket.on("connectionAttemptFailed", (address: string, _port: number, _family: number, error: unknown) =>
      passOver(address, error),
    );
    socket.on("connectionAttemptTimeout", (address: string) => passOver(address, null));
  }
  await settled(socket, "connect");
  return socket;
}

function answerWith(addresses: readonly string[]): LookupFunction {
  const all: LookupAddress[] = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, options, done) => {
    if (options.all === true) done(null, all);
    else done(null, all[0]?.address ?? "", all[0]?.family);
  };
}

export interface Handshake {
  /** SNI, and what the certificate must be for. */
  readonly host: string;
  readonly alpn: readonly string[];
  /** PEM; null: those of Node. */
  readonly authorities: string | null;
}

/** Takes any certificate: `tlsFacts` says what is wrong with it. */
export async function openTls(under: Socket, wish: Handshake, sockets: OpenSockets): Promise<TLSSocket> {
  const socket = sockets.keep(
    connectTls({
      socket: under,
      host: wish.host,
      ...serverName(wish.host),
      ALPNProtocols: [...wish.alpn],
      rejectUnauthorized: false,
      ...(wish.authorities === null ? {} : { ca: wish.authorities }),
    }),
  );
  await settled(socket, "secureConnect");
  return socket;
}

/** The listener for errors stays: a socket's late error must not end the process. */
async function settled(socket: Socket, event: "connect" | "secureConnect"): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once(event, resolve);
    socket.on("error", reject).once("close", () => reject(new Error("socket hang up")));
  });
}
