// The JSON Schema of `/status`, for its readers; in a file of its own, so that the Worker does not carry the generator.
import * as z from "zod/mini";
import { STATUS_SCHEMA } from "./status-schema.ts";

/** Draft 2020-12, of what we give out. */
export function statusJsonSchema(): object {
  return { title: "multicloud-probe: GET /status", ...z.toJSONSchema(STATUS_SCHEMA) };
}
