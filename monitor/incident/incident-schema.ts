// An incident as stored: in the state, and in the buckets that outlive it.
import * as z from "zod/mini";

export const INCIDENT_SCHEMA = z.strictObject({
  id: z.string(),
  subject: z.string(),
  openedAt: z.int(),
  closedAt: z.nullable(z.int()),
  reason: z.string(),
  causedBy: z.exactOptional(z.string()),
});
