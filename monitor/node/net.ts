// Node's door to the network: fetches that see every phase, and bare dials.
import { lookup as lookupBySystem } from "node:dns";
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from "node:net";
import { connect as connectTls, createSecureContext, type SecureContext } from "node:tls";
import { PHASES } from "../model/observation.ts";
import type { Clock, DialReply, DialTarget, Net, NetReply, NetRequest } from "../run/world.ts";
import { deadlinePassed, NOT_STARTED } from "../wire/deadline.ts";
import { failureOf } from "../wire/failure.ts";
import { tenths } from "../wire/tenths.ts";
import { type FetchSettings, runFetch } from "./http-fetch.ts";

export interface NodeNetOptions {
  readonly clock: Clock;
  /** Address by host name, as `curl --resolve` has it: the connection goes there, Host and SNI keep the name. */
  readonly resolve?: Readonly<Record<string, string>>;
  /** Instead of the system's resolver. */
  readonly lookup?: LookupFunction;
}

export function makeNodeNet(options: NodeNetOptions): Net {
  const { clock, resolve = {}, lookup = lookupAll } = options;
  const settings: FetchSettings = { clock, resolve, lookup, certificate: "validate", secureContext: makeOnce() };
  return {
    sees: PHASES,
    fetchOnce: async (request) => {
      try {
        const reply = await runFetch(request, settings);
        return reply.kind === "failed" && reply.failure.cause === "tls"
          ? await askUnvalidated(reply, request, settings)
          : reply;
      } catch (thrown) {
        return { kind: "failed", failure: failureOf(thrown), status: null, phases: {} };
      }
    },
    dial: async (target, deadlineMs) => await runDial(target, deadlineMs, settings),
  };
}

/**
 * What the name has, whether or not this machine has a way there: Node would ask for its own families only, and call a name
 * that has none of them unknown. Finding out the machine's own families costs a twelfth of a look.
 */
const lookupAll: LookupFunction = (host, options, done) => lookupBySystem(host, { ...options, hints: 0 }, done);

/** Not before the first look over TLS: most runs have none, and reading all authorities takes its time. */
function makeOnce(): () => SecureContext {
  let made: SecureContext | null = null;
  return () => (made ??= createSecureContext());
}

/** The failure stays what it is; but the status is known then, and with it what Route 53, which validates nothing, would say. */
async function askUnvalidated(failed: NetReply, request: NetRequest, settings: FetchSettings): Promise<NetReply> {
  const { status } = await runFetch(request, { ...settings, certificate: "ignore" });
  return failed.kind === "failed" ? { ...failed, status } : failed;
}

/** The time starts when the name is resolved: a dial has no dns phase. */
async function runDial(target: DialTarget, deadlineMs: number, settings: FetchSettings): Promise<DialReply> {
  const { clock } = settings;
  let startedMs = clock.monotonicMs();
  if (startedMs >= deadlineMs) return { kind: "failed", failure: NOT_STARTED };
  let phase: "dns" | "connect" | "tls" = "connect";
  let socket: Socket | null = null;
  try {
    const dialled = openSocket(target, settings);
    socket = dialled;
    if (isIP(target.host) === 0 && settings.resolve[target.host] === undefined) phase = "dns";
    dialled.once("lookup", () => {
      phase = "connect";
      startedMs = clock.monotonicMs();
    });
    if (target.secure === "tls") dialled.once("connect", () => (phase = "tls"));
    const connectMs = await clock.within(opened(dialled, target, clock), deadlineMs - startedMs);
    if (connectMs === null) throw deadlinePassed();
    return { kind: "open", connectMs: tenths(connectMs - startedMs) };
  } catch (thrown) {
    return {
      kind: "failed",
      failure: failureOf(thrown, { phase, scheme: target.secure === "tls" ? "https" : "http" }),
    };
  } finally {
    socket?.destroy();
  }
}

function openSocket({ host, port, secure }: DialTarget, { resolve, lookup, secureContext }: FetchSettings): Socket {
  const place = { host: resolve[host] ?? host, port, lookup };
  return secure === "tls"
    ? connectTls({ ...place, secureContext: secureContext(), ...(isIP(host) === 0 ? { servername: host } : {}) })
    : connectTcp(place);
}

/** The reading of the clock when the connection stood. */
function opened(socket: Socket, { secure }: DialTarget, clock: Clock): Promise<number> {
  return new Promise((resolve, reject) => {
    socket.once(secure === "tls" ? "secureConnect" : "connect", () => resolve(clock.monotonicMs()));
    socket.on("error", reject).once("close", () => reject(new Error("socket hang up")));
  });
}
