// Splits the few forms of URL that a topology may hold. The core has no URL class (it is not part of the language), and
// needs far less than one.
import { parseAddress, parseIpv4, parseIpv6 } from "./address.ts";
import { DNS_NAME } from "./name.ts";

export interface UrlParts {
  readonly scheme: "http" | "https";
  /** Lower case; an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number;
  /** With the leading slash; "" when the URL ends after the port. */
  readonly path: string;
}

const URL_FORM = /^(https?):\/\/(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::(\d{1,5}))?(\/[^\s?#]*)?$/;
const PORT_MAX = 65_535;

/** Null for anything but http or https with a host, an optional port and path, and nothing else. */
export function splitUrl(text: string): UrlParts | null {
  const match = URL_FORM.exec(text);
  if (match === null) return null;
  const scheme = match[1] === "https" ? "https" : "http";
  const host = splitHost(match[2] ?? "");
  const port = match[3] === undefined ? (scheme === "https" ? 443 : 80) : Number(match[3]);
  if (host === null || port < 1 || port > PORT_MAX) return null;
  return { scheme, host, port, path: match[4] ?? "" };
}

/** "host", "host:port", "[v6]" or "[v6]:port"; `port` is null where none is given. Null for anything else. */
export function splitServer(text: string): { readonly host: string; readonly port: number | null } | null {
  const match = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::(\d{1,5}))?$/.exec(text);
  const host = splitHost(match?.[1] ?? "");
  const port = match?.[2] === undefined ? null : Number(match[2]);
  return host === null || port === 0 || (port ?? 0) > PORT_MAX ? null : { host, port };
}

/** IPv4 in four decimal parts, or IPv6 without brackets; names never look like that. */
export function isAddress(host: string): boolean {
  return parseAddress(host) !== null;
}

export function isIpv4(host: string): boolean {
  return parseIpv4(host) !== null;
}

/** Only forms that every URL parser reads alike: "127.1" and "0x7f.0.0.1" are addresses to some of them. */
function splitHost(text: string): string | null {
  const host = text.toLowerCase();
  if (host.startsWith("[")) return parseIpv6(host.slice(1, -1)) === null ? null : host.slice(1, -1);
  return isIpv4(host) || DNS_NAME.test(host) ? host : null;
}
