// The client as Cloudflare sees it: `request.cf` is made by the edge and no header can change it; in workerd alone there is none.
import type { Coordinates } from "../monitor/policy/record-set.ts";
import { type Client, UNKNOWN_CLIENT } from "../monitor/steering/client.ts";

export function clientOf(request: Request): Client {
  const cf: unknown = request.cf;
  if (typeof cf !== "object" || cf === null) return UNKNOWN_CLIENT;
  const fields: Readonly<Record<string, unknown>> = { ...cf };
  return {
    country: textOf(fields["country"]),
    continent: textOf(fields["continent"]),
    subdivision: textOf(fields["regionCode"]),
    coordinates: coordinatesOf(fields["latitude"], fields["longitude"]),
    colo: textOf(fields["colo"]),
  };
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** Texts of degrees. */
function coordinatesOf(latitude: unknown, longitude: unknown): Coordinates | null {
  const [north, east] = [Number(textOf(latitude) ?? Number.NaN), Number(textOf(longitude) ?? Number.NaN)];
  return Number.isFinite(north) && Number.isFinite(east) ? { latitude: north, longitude: east } : null;
}
