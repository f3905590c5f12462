// Words that a runtime, a library or a server chose, made fit for faces that everybody can read: such texts may hold the
// address of an origin, or a URL with a token in it. Our own sentences need no such care.
import type { Topology } from "../topology/topology.ts";
import { cutStored } from "../topology/stored-text.ts";
import { splitUrl } from "../topology/url.ts";

/** Bytes, as they are stored. */
export const WORDS_MAX = 200;
/** Longer texts are cut before they are searched. */
const SEARCHED_MAX = 1000;

/** Rather too much than too little: what looks like an address is one. */
const REPLACEMENTS: readonly (readonly [RegExp, string])[] = [
  [/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, "<url>"],
  [/[0-9a-f:]*::[0-9a-f:.]*|(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}/gi, "<address>"],
  [/(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?!\d)/g, "<address>"],
];

/** One bounded line without URLs and IP addresses, and with a region's id in the place of its endpoint's host. */
export function plainWords(text: string, topology: Topology): string {
  const line = text.slice(0, SEARCHED_MAX).split(/[\r\n]/, 1)[0] ?? "";
  const named = hostsOf(topology).reduce((words, [host, id]) => replaceHost(words, host, id), line);
  const plain = REPLACEMENTS.reduce((words, [pattern, word]) => words.replaceAll(pattern, word), named);
  return cutStored(plain, WORDS_MAX);
}

/** The longest first, for one may be the end of another. The service's own name is what users type, so it may be said. */
function hostsOf({ regions, service }: Topology): readonly (readonly [host: string, id: string])[] {
  return regions
    .map(({ id, endpoint }) => [splitUrl(endpoint.url)?.host ?? service.host, id] as const)
    .filter(([host]) => host !== service.host)
    .toSorted(([a], [b]) => b.length - a.length);
}

function replaceHost(text: string, host: string, id: string): string {
  const at = text.toLowerCase().indexOf(host);
  return at < 0 ? text : `${text.slice(0, at)}${id}${replaceHost(text.slice(at + host.length), host, id)}`;
}
