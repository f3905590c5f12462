// Distance as geoproximity routing counts it (Developer Guide, "Geoproximity routing"): great circle, then the bias. What is
// not known for sure makes an interval of it, and only intervals apart from each other are nearer or farther.
import { PLACE_TOLERANCE_KM, placeOfRegion } from "./aws-places.ts";
import type { Coordinates, GeoproximityLocation } from "./record-set.ts";

const EARTH_RADIUS_KM = 6371;

/** Nearest and farthest that a record may count as, in biased kilometres. */
export interface DistanceRange {
  readonly best: number;
  readonly worst: number;
}

/** A location without known coordinates (a Local Zone group, a new region) may be at any distance. */
export function distanceRange(asker: Coordinates, location: GeoproximityLocation, bias: number): DistanceRange {
  const place = coordinatesOf(location);
  if (place === null) return { best: 0, worst: Number.POSITIVE_INFINITY };
  const km = greatCircleKm(asker, place);
  return {
    best: biased(Math.max(0, km - PLACE_TOLERANCE_KM), bias),
    worst: biased(km + PLACE_TOLERANCE_KM, bias),
  };
}

/** The formulas of the Developer Guide; `bias` from -99 to 99. */
export function biased(km: number, bias: number): number {
  return bias >= 0 ? km * (1 - bias / 100) : km / (1 + bias / 100);
}

/** Haversine formula, in kilometres. */
export function greatCircleKm(a: Coordinates, b: Coordinates): number {
  const north = radians(b.latitude - a.latitude);
  const east = radians(b.longitude - a.longitude);
  const chord =
    Math.sin(north / 2) ** 2 + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(east / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(chord)));
}

function coordinatesOf(location: GeoproximityLocation): Coordinates | null {
  switch (location.kind) {
    case "coordinates":
      return location;
    case "aws-region":
      return placeOfRegion(location.awsRegion);
    case "local-zone-group":
      return null;
  }
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
