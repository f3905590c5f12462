// What the operations of the OpenAPI document have in common: answers, parameters, and what every path behind the token answers.

export function answers(description: string, type: string, schema: object = {}): object {
  return { "200": { description, content: { [type]: { schema } } } };
}

export const BROKEN = {
  description: "The topology is broken, or the monitor cannot look",
  content: { "application/json": { schema: { type: "object" } } },
};

export function parameter(place: "path" | "query", name: string, description: string): object {
  return { in: place, name, description, schema: { type: "string" } };
}

/** For whoever is not the bearer of the token. */
export const REFUSED = {
  "401": { description: "Not the bearer of the token" },
  "404": { description: "No token is configured, so these paths do not exist" },
};
/** Of everything below /v1: there only where a token is configured. */
export const BEARER = { security: [{ token: [] }] };
