// The places of geolocation routing as a topology writes them, in the codes of the API Reference, GeoLocation: a continent, a
// country, a state of a country, or everywhere else.

/** Their codes; four of them are countries' codes as well, and there the continent is meant. */
export const CONTINENTS = ["AF", "AN", "AS", "EU", "NA", "OC", "SA"] as const;

export const PLACE = /^([*]|[A-Z]{2}|country:[A-Z]{2}|[A-Z]{2}-[A-Z0-9]{1,3})$/;

export const PLACE_WORDS =
  "a place: a continent (AF, AN, AS, EU, NA, OC, SA), a country such as BE, one of its subdivisions such as US-CA, or * for everywhere else; country:NA where the code is a continent's too";

export interface Place {
  readonly continent: string | null;
  readonly country: string | null;
  readonly subdivision: string | null;
}

/** Of a text of the form PLACE. */
export function placeOf(text: string): Place {
  const [code = "", subdivision = null] = text.replace(/^country:/, "").split("-");
  const isContinent = CONTINENTS.some((continent) => continent === text);
  return isContinent
    ? { continent: text, country: null, subdivision: null }
    : { continent: null, country: code, subdivision };
}
