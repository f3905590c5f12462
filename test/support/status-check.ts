// Checks a /status value against the JSON Schema that we publish, by a validator that is not ours.
import { Ajv2020 } from "ajv/dist/2020.js";
import schema from "../../monitor/http/status.schema.json" with { type: "json" };

// Formats are annotations in JSON Schema; the schema has a pattern for every date.
const validate = new Ajv2020({ allErrors: true, validateFormats: false }).compile(schema);

/** "/regions/0/health must be …" for each; none: it is valid. */
export function statusProblems(value: unknown): readonly string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ""}`);
}
