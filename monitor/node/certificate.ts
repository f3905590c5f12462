// The certificates of a TLS connection as facts, and every reason for which a user's client would refuse them. The connection
// itself is made without validation, because what an invalid certificate says is just what a person must read.
import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { checkServerIdentity, type DetailedPeerCertificate, type TLSSocket } from "node:tls";
import type { LookCertificate, LookTls } from "../report/look.ts";
import { DAY_MS, formatDuration, type Instant, toIso } from "../time.ts";

/** OpenSSL itself stops at a hundred; real chains have three or four. */
const CHAIN_MAX = 10;
const NAMES_MAX = 100;

/** `host`: the name or address that the certificate must be for. */
export function tlsFacts(socket: TLSSocket, host: string, at: Instant): LookTls {
  const { name, version } = socket.getCipher();
  const peer = socket.getPeerCertificate(true);
  const chain = chainOf(peer).map((raw) => certificateFacts(raw, at));
  return {
    protocol: socket.getProtocol() ?? version,
    cipher: name,
    alpn: typeof socket.alpnProtocol === "string" && socket.alpnProtocol !== "" ? socket.alpnProtocol : null,
    chain,
    problems: chain.length === 0 ? ["the server showed no certificate"] : problemsOf(socket, peer, host, chain, at),
  };
}

/** The root names itself as its issuer. */
function chainOf(peer: DetailedPeerCertificate): readonly Buffer[] {
  const chain: Buffer[] = [];
  for (let next: DetailedPeerCertificate | undefined = peer; next !== undefined && chain.length < CHAIN_MAX;) {
    const { raw }: Partial<DetailedPeerCertificate> = next;
    if (raw === undefined || chain.some((known) => known.equals(raw))) break;
    chain.push(raw);
    next = next.issuerCertificate;
  }
  return chain;
}

function certificateFacts(raw: Buffer, at: Instant): LookCertificate {
  const certificate = new X509Certificate(raw);
  const notAfter = certificate.validToDate.getTime();
  return {
    subject: lineOf(certificate.subject),
    issuer: lineOf(certificate.issuer),
    names: (certificate.subjectAltName ?? "")
      .split(", ")
      .filter((name) => name !== "")
      .slice(0, NAMES_MAX)
      .map((name) => name.replace(/^(DNS|IP Address):/, "")),
    notBefore: certificate.validFromDate.getTime(),
    notAfter,
    daysLeft: Math.floor((notAfter - at) / DAY_MS),
  };
}

/** "R11, Let's Encrypt": the common name and the organisation, or all there is. */
function lineOf(name: string | undefined): string {
  const parts = (name ?? "").split("\n");
  const value = (key: string): string | undefined =>
    parts.find((part) => part.startsWith(`${key}=`))?.slice(key.length + 1);
  const known = [value("CN"), value("O")].filter((part) => part !== undefined);
  return known.length > 0 ? [...new Set(known)].join(", ") : parts.join(", ");
}

/** OpenSSL names its first objection only; name and dates are looked at apart from it. */
function problemsOf(
  socket: TLSSocket,
  peer: DetailedPeerCertificate,
  host: string,
  chain: readonly LookCertificate[],
  at: Instant,
): readonly string[] {
  const dates = chain.flatMap((certificate, index) => dateProblem(certificate, index, at));
  const code = socket.authorized ? "" : errorCodeOf(socket.authorizationError);
  const told = code === "" || code === "ERR_TLS_CERT_ALTNAME_INVALID" || (isDateCode(code) && dates.length > 0);
  const wrongName = checkServerIdentity(host, peer) !== undefined;
  const names = chain[0]?.names ?? [];
  return [
    ...dates,
    ...(wrongName ? [`it is for ${listed(names, chain[0]?.subject ?? "nobody")}, not for ${host}`] : []),
    ...(told ? [] : [`${REASONS[code] ?? "the chain does not validate"} (${code})`]),
  ];
}

const NAMES_TOLD_MAX = 3;

function listed(names: readonly string[], subject: string): string {
  if (names.length === 0) return `${subject} (no alternative names)`;
  const more = names.length - NAMES_TOLD_MAX;
  return `${names.slice(0, NAMES_TOLD_MAX).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function dateProblem({ subject, notBefore, notAfter }: LookCertificate, index: number, at: Instant): readonly string[] {
  const who = index === 0 ? "it" : `its issuer ${subject}`;
  if (notAfter < at) return [`${who} expired ${formatDuration(at - notAfter)} ago, on ${toIso(notAfter).slice(0, 10)}`];
  if (notBefore > at) return [`${who} is valid only from ${toIso(notBefore)}, in ${formatDuration(notBefore - at)}`];
  return [];
}

function isDateCode(code: string): boolean {
  return code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID";
}

/** Typed as an error, but it is a text once the check is over. */
function errorCodeOf(error: unknown): string {
  return typeof error === "string" ? error : error instanceof Error ? error.message : "unknown";
}

/** By the codes of OpenSSL's X509_verify_cert_error_string(3). */
const REASONS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "it is signed by itself",
  SELF_SIGNED_CERT_IN_CHAIN: "its root is not trusted here",
  UNABLE_TO_GET_ISSUER_CERT: "an issuer in the chain is not known here",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its issuer is not known here: an intermediate is missing, or the root is private",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its issuer is not known here, and the server sends no intermediate",
  CERT_SIGNATURE_FAILURE: "a signature in the chain is wrong",
  CERT_CHAIN_TOO_LONG: "the chain is too long",
  CERT_REVOKED: "it was revoked",
  CERT_UNTRUSTED: "its root is not trusted for this",
  CERT_REJECTED: "its root rejects this use",
  INVALID_CA: "an issuer in the chain may not issue",
  INVALID_PURPOSE: "it is not meant for servers",
};

/** An address is no name that SNI could carry (RFC 6066 section 3). */
export function serverName(host: string): { readonly servername?: string } {
  return isIP(host) === 0 ? { servername: host } : {};
}
