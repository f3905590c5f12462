// The JSON Schemas of Statuspage's shapes and of a badge, for the OpenAPI document; in a file of its own, so that the Worker does
// not carry the generator.
import * as z from "zod/mini";
import { BADGE_SCHEMA } from "./badge-schema.ts";
import { STATUSPAGE_PARTS, STATUSPAGE_SCHEMAS } from "./statuspage-schema.ts";

/** Draft 2020-12, by name; they point to each other as parts of an OpenAPI document. What is not among them is part of the summary. */
export function statuspageJsonSchema(): object {
  const named = z.registry<{ id: string }>();
  named.add(STATUSPAGE_SCHEMAS.summary, { id: "StatuspageSummary" });
  named.add(STATUSPAGE_PARTS.page, { id: "StatuspagePage" });
  named.add(STATUSPAGE_PARTS.component, { id: "StatuspageComponent" });
  named.add(STATUSPAGE_PARTS.incident, { id: "StatuspageIncident" });
  named.add(STATUSPAGE_PARTS.maintenance, { id: "StatuspageMaintenance" });
  named.add(BADGE_SCHEMA, { id: "Badge" });
  const { schemas } = z.toJSONSchema(named, { uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, bare(schema)]));
}

function bare({ $schema: _dialect, $id: _place, ...shape }: z.core.JSONSchema.BaseSchema): object {
  return shape;
}
