// The shape of a badge for shields.io, as its "Endpoint Badge" reads it.
import * as z from "zod/mini";

/** Shields' own minimum. */
export const BADGE_CACHE_SECONDS = 300;

export const BADGE_SCHEMA = z.strictObject({
  schemaVersion: z.literal(1),
  label: z.string(),
  message: z.string().check(z.minLength(1)),
  color: z.enum(["brightgreen", "yellow", "orange", "red", "blue", "lightgrey"]),
  /** True: whoever embeds it cannot give it another colour. */
  isError: z.boolean(),
  cacheSeconds: z.literal(BADGE_CACHE_SECONDS),
});

export type Badge = z.infer<typeof BADGE_SCHEMA>;
