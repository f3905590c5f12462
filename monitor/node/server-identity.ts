// Is a certificate for the name that was asked? Node answers by making an object of every field of the whole chain, an eighth of
// what a look costs; OpenSSL answers from the certificate as it is. Where it does not say yes, Node has the last word.
import { isIP } from "node:net";
import { checkServerIdentity, connect, type ConnectionOptions, type PeerCertificate, type TLSSocket } from "node:tls";

/** Narrower than Node's own rule, so that nothing passes here that would not pass there. */
const STRICT = { subject: "never", wildcards: true, partialWildcards: false } as const;

/** `tls.connect` with the same verdict on the certificate. */
export function connectIdentified(options: ConnectionOptions): TLSSocket {
  const socket: TLSSocket = connect({ ...options, checkServerIdentity: (host) => identityProblem(host, socket) });
  // Node asks for it to hand it to the check above, which has no need of it.
  Object.defineProperty(socket, "getPeerCertificate", { value: () => ({}) });
  return socket;
}

/** The certificate is fetched once: Node's own fetch for a client takes it off the chain, so that a second one finds nothing. */
function identityProblem(host: string, socket: TLSSocket): Error | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (isIP(host) === 0 && certificate?.checkHost(host, STRICT) !== undefined) return undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what it is, says Node's documentation of `toLegacyObject`
  return checkServerIdentity(host, (certificate?.toLegacyObject() ?? {}) as PeerCertificate);
}
