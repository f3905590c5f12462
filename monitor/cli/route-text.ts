// An explanation of the router's choice for people: one line for the choice, one for each candidate.
import type { Client } from "../steering/client.ts";
import type { RouteExplanation } from "../steering/explain.ts";
import { alignColumns } from "./columns.ts";

export function routeText(explained: RouteExplanation): string {
  const { mode, steering, client, region, failOpen, candidates, knownAt } = explained;
  const off = mode === "off" ? " (the router is off: nothing is routed)" : "";
  const open = failOpen ? ", although all are down" : "";
  return [
    `${region}${open}  ${steering} for ${clientPhrase(client)}${off}`,
    "",
    alignColumns(candidates.map(({ region: id, fitness, why }, index) => [`${index + 1}`, id, fitness, why])),
    "",
    knownAt === null ? guessPhrase(explained) : `as the regions were at ${knownAt}`,
    "",
  ].join("\n");
}

function clientPhrase({ country, continent, subdivision, colo, coordinates }: Client): string {
  const place = [subdivision, country, continent].filter((part) => part !== null).join(", ");
  const parts = [
    ...(place === "" ? [] : [`in ${place}`]),
    ...(coordinates === null ? [] : [`at ${coordinates.latitude}, ${coordinates.longitude}`]),
    ...(colo === null ? [] : [`by way of ${colo}`]),
  ];
  return parts.length === 0 ? "a client of whom nothing is known" : `a client ${parts.join(", ")}`;
}

function guessPhrase({ candidates }: RouteExplanation): string {
  const told = candidates.some(({ fitness }) => fitness !== "unknown");
  return told ? "as --down says; nobody was asked" : "nobody was asked, so nothing is known of the regions";
}
