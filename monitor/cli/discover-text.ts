// `monitor discover` for people: what each cluster's entrance is, and the lines of the topology that would change.
import type { DiscoveredRegion, Discovery } from "../clusters/entrance.ts";
import { visibleText } from "../local/text-line.ts";
import { unreachable } from "../problem.ts";
import type { AddressesEdit } from "./addresses-edit.ts";
import { alignColumns } from "./columns.ts";

export interface DiscoverFace {
  readonly file: string;
  readonly regions: readonly DiscoveredRegion[];
  readonly edits: readonly AddressesEdit[];
  readonly mode: "plan" | "write";
}

export function discoverText({ file, regions, edits, mode }: DiscoverFace): string {
  const rows = regions.map(({ region, discovery }) => [
    region.id,
    discovery.kind,
    visibleText(discoveryWords(discovery)),
  ]);
  const changes = edits.map(({ line, before, after }) =>
    [`${file}:${line}`, ...before.map((one) => `- ${one.trim()}`), ...after.map((one) => `+ ${one.trim()}`)]
      .map(visibleText)
      .join("\n"),
  );
  const written = mode === "write" ? "Written." : "Nothing was written: add --yes to write it.";
  const next = "Then render, and bring the new addresses into Route 53: `monitor zone diff` plans that.";
  const end = edits.length === 0 ? [] : [[written, next].join("\n")];
  return `${[alignColumns(rows), ...changes, ...end].join("\n\n")}\n`;
}

export function discoveryWords(discovery: Discovery): string {
  switch (discovery.kind) {
    case "same":
      return `${discovery.entrance.service}, as the topology says`;
    case "differs":
      return `${discovery.entrance.service} has ${discovery.to.join(", ")}, the topology ${discovery.from.join(", ")}`;
    case "named":
      return `${discovery.entrance.service} has a name and no address: ${discovery.entrance.hostnames.join(", ")}. --resolve asks for its addresses; reserve them, or they change`;
    case "pending":
      return `${discovery.entrance.service} waits for its cloud to give it an address`;
    case "several":
      return `there are several load balancers: say which by --service ${discovery.services.join(" or ")}`;
    case "none":
      return "no Service of type LoadBalancer: neither the Istio gateway's nor one of the service's own";
    case "unread":
      return discovery.detail;
    default:
      return unreachable(discovery);
  }
}
