// What regions and their endpoints may be, beyond the form of each field: distinct, reachable from outside, and not
// looked at through the very record that they decide.
import { hiddenKind, parseAddress } from "./address.ts";
import { repeated, type Standing, takenIds } from "./distinct.ts";
import type { Draft } from "./draft.ts";
import { listAt, textAt } from "./loose-value.ts";
import type { Path } from "./path.ts";
import type { Region, Topology } from "./topology.ts";
import { isAddress, splitUrl, type UrlParts } from "./url.ts";
import type { Breach } from "./wording.ts";

export function regionBreaches(draft: Draft<Topology>): readonly Breach[] {
  const ids = fieldOf(draft, "id", (region) => region.id);
  return [
    ...repeated(ids, "a region id that no other region has"),
    ...takenIds(ids),
    ...repeated(
      fieldOf(draft, "cluster.context", (region) => region.cluster?.context),
      "a cluster of its own for each region",
    ),
    ...repeated(
      fieldOf(draft, "endpoint.url", (region) => region.endpoint?.url),
      "an endpoint of its own for each region",
    ),
    ...repeated(addressStandings(draft), "an address that stands nowhere else"),
    ...eachUrl(draft, (url) => selfReference(draft, url)),
    ...(draft.local === false ? [...eachUrl(draft, unreachableUrl), ...hiddenAddresses(draft)] : []),
  ];
}

/** One field of every region, by its path inside of the region. */
export function fieldOf(
  draft: Draft<Topology>,
  field: string,
  read: (region: Draft<Region>) => string | null | undefined,
): readonly Standing[] {
  return (draft.regions ?? []).map((region, index) => ({
    path: ["regions", index, ...field.split(".")],
    value: region === undefined ? undefined : (read(region) ?? undefined),
  }));
}

function eachUrl(draft: Draft<Topology>, expectedOf: (url: UrlParts) => readonly string[]): readonly Breach[] {
  return fieldOf(draft, "endpoint.url", (region) => region.endpoint?.url).flatMap(({ path, value }) => {
    const parts = value === undefined ? null : splitUrl(value);
    return parts === null ? [] : expectedOf(parts).map((expected) => ({ path, expected }));
  });
}

/** Route 53 calls the outcome unpredictable when a check resolves the name it decides (API Reference, HealthCheckConfig). */
function selfReference(draft: Draft<Topology>, url: UrlParts): readonly string[] {
  return url.host === draft.service?.host
    ? ["a host name of this region alone, not service.host: the health check would follow the very record it decides"]
    : [];
}

/** The same of a file that need not be a topology otherwise: the regions whose endpoint has the service's own name. */
export function selfReferringRegions(
  file: unknown,
): readonly { readonly path: Path; readonly region: string; readonly host: string }[] {
  const host = textAt(file, ["service", "host"]).toLowerCase();
  return listAt(file, ["regions"]).flatMap((region, index) => {
    const url = splitUrl(textAt(region, ["endpoint", "url"]));
    if (url === null || url.host !== host) return [];
    return [{ path: ["regions", index, "endpoint", "url"], region: textAt(region, ["id"]), host }];
  });
}

/** What Cloudflare's edge cannot fetch, and what nobody should fetch across the internet. */
export function unreachableUrl(url: UrlParts): readonly string[] {
  const bare = "a host name: Cloudflare's edge fetches no bare addresses (allowed under `local: true`)";
  const short = "a host name with a domain, which the whole world can resolve (bare names are for `local: true`)";
  const plain = "an https URL (http is allowed under `local: true`)";
  return [
    ...(isAddress(url.host) ? [bare] : url.host.includes(".") ? [] : [short]),
    ...(url.scheme === "http" ? [plain] : []),
  ];
}

function hiddenAddresses(draft: Draft<Topology>): readonly Breach[] {
  return eachAddress(draft).flatMap(({ path, value }) => {
    const bytes = parseAddress(value ?? "");
    const kind = bytes === null ? null : hiddenKind(bytes);
    const expected = `an address that Route 53's checkers can reach, which ${kind} addresses are not (allowed under \`local: true\`)`;
    return kind === null ? [] : [{ path, expected }];
  });
}

function eachAddress(draft: Draft<Topology>): readonly Standing[] {
  return (draft.regions ?? []).flatMap((region, index) =>
    (region?.endpoint?.addresses ?? []).map((value, at) => ({
      path: ["regions", index, "endpoint", "addresses", at],
      value,
    })),
  );
}

/** As bytes, because one IPv6 address has many spellings. */
function addressStandings(draft: Draft<Topology>): readonly Standing[] {
  return eachAddress(draft).map(({ path, value }) => ({ path, value: parseAddress(value ?? "")?.join(".") }));
}
