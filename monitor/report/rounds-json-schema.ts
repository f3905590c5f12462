// The JSON Schema of `/rounds`, for its readers; in a file of its own, so that the Worker does not carry the generator.
import * as z from "zod/mini";
import { ROUNDS_PAGE_SCHEMA } from "./rounds-page-schema.ts";

/** Draft 2020-12, of what we give out. */
export function roundsJsonSchema(): object {
  return { title: "multicloud-probe: GET /rounds", ...z.toJSONSchema(ROUNDS_PAGE_SCHEMA) };
}
