// Which geolocation records fit a place, the most specific first: subdivision, country, continent, default (Developer
// Guide, "Geolocation routing"). No record fits and there is no default: no answer. What comes when all that fit are ill is not
// written there; by the general last resort it is the most specific one.
import type { AskerLocation } from "./answer.ts";
import type { RecordSet } from "./record-set.ts";

/** Records of one scope: the codes that they name. */
interface Scope {
  readonly continent: string | null;
  readonly country: string | null;
  readonly subdivision: string | null;
}

/** One walk outward for each place that the asker may be in, as lists of records of one scope. */
export function geolocationWalks(
  group: readonly RecordSet[],
  location: AskerLocation | null,
): readonly (readonly (readonly RecordSet[])[])[] {
  const places = location === null ? allPlaces(group) : placesWithin(group, location);
  return places.map((place) =>
    outward(place)
      .map((scope) => inScope(group, scope))
      .filter((found) => found.length > 0),
  );
}

/** A place whose subdivision is not known may be any of its country's, or one without a record. */
function placesWithin(
  group: readonly RecordSet[],
  { continent, country, subdivision }: AskerLocation,
): readonly Scope[] {
  const place = { continent: upper(continent), country: upper(country), subdivision: upper(subdivision) };
  if (place.subdivision !== null) return [place];
  const known = scopesOf(group).filter((scope) => scope.country === place.country && scope.subdivision !== null);
  return [...known.map((scope) => ({ ...place, subdivision: scope.subdivision })), place];
}

/**
 * Every place that a record names, in every continent that a record names (which country lies where is not known here),
 * and a place that no record names.
 */
function allPlaces(group: readonly RecordSet[]): readonly Scope[] {
  const scopes = scopesOf(group);
  const continents = [...new Set(scopes.map((scope) => scope.continent).filter((one) => one !== null)), null];
  const countries = scopes.filter((scope) => scope.country !== null && scope.country !== "*");
  const nowhere: Scope = { continent: null, country: null, subdivision: null };
  return [...countries, nowhere].flatMap((place) => continents.map((continent) => ({ ...place, continent })));
}

function outward({ continent, country, subdivision }: Scope): readonly Scope[] {
  const none = { continent: null, country: null, subdivision: null };
  return [
    ...(country !== null && subdivision !== null ? [{ ...none, country, subdivision }] : []),
    ...(country === null ? [] : [{ ...none, country }]),
    ...(continent === null ? [] : [{ ...none, continent }]),
    { ...none, country: "*" },
  ];
}

function inScope(group: readonly RecordSet[], scope: Scope): readonly RecordSet[] {
  return group.filter((record) => {
    const own = scopeOf(record);
    if (own === null || own.country !== scope.country || own.subdivision !== scope.subdivision) return false;
    return own.country !== null || own.continent === scope.continent;
  });
}

function scopesOf(group: readonly RecordSet[]): readonly Scope[] {
  return group.map((record) => scopeOf(record)).filter((scope) => scope !== null);
}

function scopeOf({ routing }: RecordSet): Scope | null {
  if (routing.routing !== "geolocation") return null;
  const { continent, country, subdivision } = routing;
  return { continent: upper(continent), country: upper(country), subdivision: upper(subdivision) };
}

function upper(code: string | null): string | null {
  return code === null ? null : code.toUpperCase();
}
